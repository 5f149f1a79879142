/**
 * The pictures of the Python side: open matplotlib figures, and what a last expression gives by `_repr_png_`. Each is
 * written to a PNG file and kept in memory until the reply, since a file could be another one by the time somebody reads
 * it. `plt.show()` and `figure.show()` do the same at once.
 */
export const pythonPictures = String.raw`
import sys as _sys

class _Pictures:
    most, largest, most_said = 10, 5000000, 5

    def __init__(self, folder):
        self.folder, self.number = folder, 0
        self.give()
        _sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        """Waits for matplotlib.pyplot, to put our show in the place of one that needs a screen."""
        if name != "matplotlib.pyplot":
            return None
        import importlib.util
        _sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module
        def exec_module(module):
            execute(module)
            module.show = lambda *args, **kwargs: self.take_open()
            module.Figure.show = lambda figure, *args, **kwargs: self.take_figure(figure)
        spec.loader.exec_module = exec_module
        return spec

    def take_open(self):
        plot = _sys.modules.get("matplotlib.pyplot")
        for number in plot.get_fignums() if hasattr(plot, "get_fignums") else ():
            figure = plot.figure(number)
            plot.close(figure)
            self.take_figure(figure)

    def take_value(self, value):
        figures = _sys.modules.get("matplotlib.figure")
        if figures is not None and isinstance(value, figures.Figure):
            plot = _sys.modules.get("matplotlib.pyplot")
            if plot is None or value.number not in plot.get_fignums() if hasattr(value, "number") else True:
                self.take_figure(value)
        elif not isinstance(value, type) and callable(getattr(type(value), "_repr_png_", None)):
            try:
                png = value._repr_png_()
            except Exception as error:
                self.failed("unmade", "The picture of the last value could not be made", error)
                return
            png = png[0] if isinstance(png, tuple) and png else png
            if isinstance(png, bytes) and png.startswith(b"\x89PNG\r\n\x1a\n"):
                self.take(png)

    def take_figure(self, figure):
        import io
        png = io.BytesIO()
        try:
            figure.savefig(png, format="png", bbox_inches="tight")
        except Exception as error:
            self.failed("undrawn", "A figure could not be drawn", error)
            return
        plot = _sys.modules.get("matplotlib.pyplot")
        if plot is not None:
            plot.close(figure)
        self.take(png.getvalue())

    def take(self, png):
        import struct
        try:
            self.write(png)
        except OSError as error:
            self.failed("unsaved", "A picture could not be saved as a file", error)
        width, height = struct.unpack(">II", png[16:24])
        shown = len(png) <= self.largest and sum(1 for each in self.taken if each[3] is not None) < self.most
        self.taken.append((self.number, width, height, png if shown else None, len(png)))

    def write(self, png):
        self.number += 1
        _os.makedirs(self.folder, exist_ok=True)
        while True:
            try:
                with open("%s/figure-%d.png" % (self.folder, self.number), "xb") as file:
                    file.write(png)
                return
            except FileExistsError:
                self.number += 1

    def failed(self, kind, words, error):
        """The count is what the reply says; the reason belongs to the code's own output, as often as it helps."""
        self.counts[kind] += 1
        reason = "%s: %s\n" % (words, _said(error))
        if reason in self.said or len(self.said) >= self.most_said:
            return
        self.said.add(reason)
        try:
            _sys.__stderr__.write(reason)
        except Exception:
            pass

    def give(self):
        given = getattr(self, "taken", None), getattr(self, "counts", None)
        self.taken, self.said, self.counts = [], set(), {"unmade": 0, "undrawn": 0, "unsaved": 0}
        return given

def _said(error):
    return _cut("".join(_traceback.format_exception_only(type(error), error)).strip(), 500, 0.7)
`;
