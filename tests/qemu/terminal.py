"""A terminal's side of a serial line: what bytes look like to a person who reads along.

The bytes may come in any pieces, and two programs may write at once: GRUB and the firmware below it
share one line, so that the text of one lies in the middle of the other's escape sequence. A real
terminal does not complain of that, and neither does this one. The states are those of DEC's
terminals, as Paul Williams wrote them down (https://vt100.net/emu/dec_ansi_parser).
"""

BELL, BACKSPACE, LINE_FEED, CARRIAGE_RETURN = 0x07, 0x08, 0x0A, 0x0D
CANCEL, SUBSTITUTE, ESCAPE, DELETE = 0x18, 0x1A, 0x1B, 0x7F
FIRST_PRINTABLE, FIRST_8_BIT = 0x20, 0x80

COUNT_MAX = 9999  # xterm and others bound the numbers in a sequence as well

# ESC and one of these begin a text that is not shown: DCS, SOS, OSC, PM, APC (ECMA-48, 5.6).
STRING_STARTS = b"PX]^_"


class SerialScreen:
    """Lines as a terminal would show them: the shell redraws its line, a progress bar its own.

    `lines` are those that ended; `current` is the one that the cursor stands in; `raw` has all
    bytes that came. The screen has one row: what moves the cursor to another row empties the line.
    """

    def __init__(self):
        self.lines = []
        self.raw = b""
        self._cells = []
        self._column = 0
        self._state = self._ground
        self._sequence = b""  # between ESC or CSI and the byte that ends it

    @property
    def current(self):
        return "".join(self._cells)

    def feed(self, data):
        self.raw += data
        for byte in data:
            self._take(byte)

    def _take(self, byte):
        """These mean the same within a sequence as outside; the rest is the state's."""
        if byte == ESCAPE:
            self._enter(self._escape)
        elif byte in (CANCEL, SUBSTITUTE):
            self._enter(self._ground)
        elif byte < FIRST_PRINTABLE and self._state != self._string:
            self._control(byte)
        elif byte != DELETE:
            self._state(byte)

    def _enter(self, state):
        self._state = state
        self._sequence = b""

    def _control(self, byte):
        if byte == CARRIAGE_RETURN:
            self._column = 0
        elif byte == LINE_FEED:
            self.lines.append(self.current.rstrip())
            self._empty_line()
        elif byte == BACKSPACE:
            self._column = max(0, self._column - 1)

    def _empty_line(self):
        self._cells = []
        self._column = 0

    # The states. Each takes one byte.

    def _ground(self, byte):
        self._cells += " " * (self._column + 1 - len(self._cells))
        self._cells[self._column] = chr(byte) if byte < FIRST_8_BIT else "?"
        self._column += 1

    def _abandon(self, byte):
        """A byte of 8 bits is in no sequence: what began as one was cut off, and this is text."""
        self._enter(self._ground)
        self._ground(byte)

    def _escape(self, byte):
        if byte >= FIRST_8_BIT:
            self._abandon(byte)
        elif byte < 0x30:
            self._sequence += bytes([byte])
        elif byte == ord("[") and not self._sequence:
            self._enter(self._control_sequence)
        elif byte in STRING_STARTS and not self._sequence:
            self._enter(self._string)
        else:  # character sets, saved cursors: nothing that is seen here
            self._enter(self._ground)

    def _control_sequence(self, byte):
        if byte >= FIRST_8_BIT:
            self._abandon(byte)
        elif byte < 0x40:
            self._sequence += bytes([byte])
        else:
            parameters = self._sequence
            self._enter(self._ground)
            self._perform(chr(byte), parameters)

    def _string(self, byte):
        """A line end ends it, as in PuTTY: else one lost byte would hide all that follows."""
        if byte == BELL:
            self._enter(self._ground)
        elif byte in (LINE_FEED, CARRIAGE_RETURN):
            self._enter(self._ground)
            self._control(byte)

    def _perform(self, final, parameters):
        """Control sequences (ECMA-48, 8.3). Private ones, and all others, change no text."""
        first = parameters.split(b";")[0]
        if first and not first.isdigit():
            return
        number = min(int(first or 0), COUNT_MAX)
        if final == "K":
            self._erase_in_line(number)
        elif final == "C":
            self._column = min(self._column + max(1, number), COUNT_MAX)
        elif final == "D":
            self._column = max(0, self._column - max(1, number))
        elif final == "G":
            self._column = max(1, number) - 1
        elif final in ("H", "J"):
            self._empty_line()

    def _erase_in_line(self, part):
        if part == 0:
            del self._cells[self._column:]
        elif part == 1:
            self._cells[:self._column + 1] = " " * min(self._column + 1, len(self._cells))
        elif part == 2:
            self._cells = []
