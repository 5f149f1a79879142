"""Periods and positions of the planets, from data/planets.csv. Usage: orbit.py periods | position PLANET DAYS"""

import csv
import math
import pathlib
import sys

PLANETS = pathlib.Path(__file__).parent.parent / "data" / "planets.csv"
JULIAN_YEAR_DAYS = 365.25
LIGHT_SECONDS_PER_AU = 499.004784
TOLERANCE = 1e-12
MOST_STEPS = 50


def planets():
    with open(PLANETS, newline="") as lines:
        return {row["planet"]: row for row in csv.DictReader(lines)}


def period_days(semi_major_axis_au):
    """Kepler's third law for a body that is light beside the Sun."""
    return JULIAN_YEAR_DAYS * math.sqrt(semi_major_axis_au**3)


def eccentric_anomaly(mean_anomaly, eccentricity):
    """Kepler's equation by Newton's method; radians."""
    if not 0 <= eccentricity < 1:
        raise ValueError(f"no closed orbit has the eccentricity {eccentricity}")
    guess = math.pi if eccentricity > 0.8 else mean_anomaly
    for _ in range(MOST_STEPS):
        step = (guess - eccentricity * math.sin(guess) - mean_anomaly) / (1 - eccentricity * math.cos(guess))
        guess -= step
        if abs(step) < TOLERANCE:
            return guess
    raise ArithmeticError("Kepler's equation was not solved")


def position(semi_major_axis_au, eccentricity, days_since_perihelion):
    """True anomaly in degrees and distance from the Sun in astronomical units."""
    turns = days_since_perihelion / period_days(semi_major_axis_au)
    anomaly = eccentric_anomaly(2 * math.pi * (turns % 1), eccentricity)
    factor = math.sqrt((1 + eccentricity) / (1 - eccentricity))
    true_anomaly = 2 * math.atan(factor * math.tan(anomaly / 2))
    return math.degrees(true_anomaly) % 360, semi_major_axis_au * (1 - eccentricity * math.cos(anomaly))


def main(arguments):
    match arguments:
        case ["periods"]:
            for name, row in planets().items():
                computed = period_days(float(row["semi_major_axis_au"]))
                observed = float(row["observed_period_days"])
                print(f"{name:8} computed {computed:10.2f} d  observed {observed:10.2f} d  {computed / observed - 1:+.3%}")
        case ["position", name, days] if name in planets():
            row = planets()[name]
            angle, distance = position(float(row["semi_major_axis_au"]), float(row["eccentricity"]), float(days))
            print(f"{name}, {days} days after perihelion: {angle:.2f} degrees, {distance:.5f} au,", end=" ")
            print(f"{distance * LIGHT_SECONDS_PER_AU:.1f} light seconds from the Sun")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
