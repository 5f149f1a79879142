"""Makes the files beside it, once: python3 make.py, with reportlab, python-docx, python-pptx, xlsxwriter, openpyxl and pillow."""

import datetime
import io
import os
import wave
import zipfile

import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

os.chdir(os.path.dirname(os.path.abspath(__file__)))
styles = getSampleStyleSheet()


class Book(BaseDocTemplate):
    def afterFlowable(self, flowable):
        if isinstance(flowable, Paragraph) and flowable.style.name == 'Heading1':
            self.canv.bookmarkPage(flowable.getPlainText())
            self.canv.addOutlineEntry(flowable.getPlainText(), flowable.getPlainText(), 0)


def sentences(subject, count):
    return ' '.join(f'Sentence {i} of the part on {subject} tells what was measured there in the year {1900 + i}.' for i in range(count))


def two_columns():
    doc = Book('two-columns.pdf', pagesize=A4, title='On Two Columns', author='Ada Example')
    width = A4[0] / 2 - 50
    frames = [Frame(40, 40, width, 760), Frame(A4[0] / 2 + 10, 40, width, 760)]
    doc.addPageTemplates(PageTemplate(frames=frames))
    story = []
    for subject in ('rivers', 'mountains', 'oceans'):
        story.append(Paragraph(f'About {subject}', styles['Heading1']))
        for _ in range(6):
            story.append(Paragraph(sentences(subject, 12), styles['BodyText']))
    doc.build(story)


def row_by_row():
    """Two columns whose lines alternate in the file, as some programs write them."""
    c = canvas.Canvas('row-by-row.pdf', pagesize=A4)
    c.setFont('Helvetica', 10)
    for i in range(30):
        c.drawString(50, 780 - 14 * i, f'Left line {i} goes on to the middle of the page')
        c.drawString(310, 780 - 14 * i, f'Right line {i} goes on to the right margin of it')
    c.save()


def locked():
    c = canvas.Canvas('locked.pdf', pagesize=A4, encrypt=StandardEncryption('secret', ownerPassword='owner', strength=128))
    c.drawString(100, 700, 'Nobody reads this without the password.')
    c.save()


def picture():
    image = Image.new('RGB', (320, 200), 'white')
    ImageDraw.Draw(image).text((20, 90), 'A scanned page', fill='black')
    image.save('picture.png')
    image.save('picture.jpg', quality=40)
    c = canvas.Canvas('scanned.pdf', pagesize=A4)
    c.drawImage('picture.png', 50, 400, 400, 250)
    c.save()


def letter():
    doc = Document()
    doc.core_properties.title = 'A Letter'
    doc.core_properties.author = 'Ada Example'
    doc.core_properties.created = datetime.datetime(2021, 5, 6)
    doc.add_heading('Findings', 1)
    doc.add_paragraph('The first ').add_run('bold').bold = True
    paragraph = doc.add_paragraph('See ')
    link = OxmlElement('w:hyperlink')
    rel = doc.part.relate_to('https://example.org/report', 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink', is_external=True)
    link.set(qn('r:id'), rel)
    run = OxmlElement('w:r')
    text = OxmlElement('w:t')
    text.text = 'the report'
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    doc.add_heading('Numbers', 2)
    table = doc.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [('City', 'People'), ('Köln', '1,084,831'), ('Bonn | Beuel', '331,885')]):
        for cell, value in zip(row.cells, cells):
            cell.text = value
    for item in ('one', 'two'):
        doc.add_paragraph(item, style='List Bullet')
    doc.add_picture('picture.png', width=Inches(1))
    doc.save('letter.docx')


def book():
    book = xlsxwriter.Workbook('book.xlsx')
    book.set_properties({'title': 'Accounts', 'author': 'Ada Example'})
    day = book.add_format({'num_format': 'yyyy-mm-dd'})
    sheet = book.add_worksheet('Sales')
    sheet.write_row(0, 0, ['Day', 'Item', 'Price', 'Sold', 'Sum'])
    sheet.write_datetime(1, 0, datetime.datetime(2024, 2, 29), day)
    sheet.write_row(1, 1, ['Tea | green', 2.5, 4])
    sheet.write_formula(1, 4, '=C2*D2', None, 10)
    sheet.write_datetime(2, 0, datetime.datetime(2024, 3, 1), day)
    sheet.write_row(2, 1, ['Coffee\nblack', 3.1, 2])
    sheet.write_formula(2, 4, '=C3*D3', None, 6.2)
    other = book.add_worksheet('Über uns')
    other.write_row(0, 0, ['Name', 'Here'])
    other.write(1, 0, 'Zoë')
    other.write_boolean(1, 1, True)
    book.close()


def slides():
    deck = Presentation()
    deck.core_properties.title = 'A Talk'
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = 'Beginning'
    first.placeholders[1].text = 'A subtitle'
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = 'Points'
    second.placeholders[1].text = 'First point\nSecond point'
    second.notes_slide.notes_text_frame.text = 'Speak slowly here.'
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = 'Table'
    table = third.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for r, row in enumerate([('Year', 'Sum'), ('2024', '17')]):
        for c, value in enumerate(row):
            table.cell(r, c).text = value
    ids = deck.slides._sldIdLst
    ids.insert(0, ids[2])
    deck.save('slides.pptx')


def sound():
    with wave.open('sound.wav', 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(bytes(128 for _ in range(12000)))


def archive():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('deep.txt', 'deep inside')
    with zipfile.ZipFile('archive.zip', 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('notes/read me.md', '# Notes\n\nSee https://example.org/a.\n')
        z.writestr('table.csv', 'a;b\n1;2\n')
        z.writestr('long.txt', 'word ' * 20000)
        z.writestr('bomb.txt', b'\0' * 60_000_000)
        z.writestr('inner.zip', inner.getvalue())
        z.write('letter.docx')


two_columns()
row_by_row()
locked()
picture()
letter()
book()
slides()
sound()
archive()
