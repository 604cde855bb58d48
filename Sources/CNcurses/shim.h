// What Swift cannot import of ncurses (macros, variadics, global variables), as functions and constants.
#ifndef SOTTO_CNCURSES_H
#define SOTTO_CNCURSES_H

// Wide characters: without these ncurses declares its 8-bit half only.
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif

#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <term.h>

// POSIX; the C library declares it only under feature macros that a Swift import does not set.
extern int wcwidth(wchar_t point);

static inline int sotto_columns(wchar_t point) { return wcwidth(point); }
static inline int sotto_row_count(void) { return getmaxy(stdscr); }
static inline int sotto_column_count(void) { return getmaxx(stdscr); }
static inline SCREEN *sotto_open(const char *type, FILE *output) { return newterm(type, output, stdin); }
static inline int sotto_color_count(void) { return COLORS; }
static inline int sotto_color_pair_count(void) { return COLOR_PAIRS; }

/// Reads the description of a terminal, for sotto_string and tigetflag, tigetnum to look into.
static inline bool sotto_read_description(const char *type, int descriptor) {
    int result = 0;
    return setupterm((char *)type, descriptor, &result) == OK;
}
static inline void sotto_forget_description(void) { del_curterm(cur_term); }
/// NULL where the terminal has no such string.
static inline const char *sotto_string(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (const char *)-1 ? NULL : text;
}
/// The names of capabilities by number, NULL after the last.
static inline const char *sotto_flag_name(int number) { return boolnames[number]; }
static inline const char *sotto_number_name(int number) { return numnames[number]; }
static inline const char *sotto_string_name(int number) { return strnames[number]; }

/// Whether the terminal takes red, green and blue directly instead of palette entries.
static inline bool sotto_has_direct_color(void) { return tigetflag((char *)"RGB") > 0 || tigetnum((char *)"RGB") > 0; }

/// Whether the terminal's description knows struck text.
static inline bool sotto_has_strikethrough(void) {
    const char *sequence = tigetstr((char *)"smxx");
    return sequence != NULL && sequence != (const char *)-1;
}

/// Whether a terminal of this type can put its cursor anywhere; one that is not known is taken for a relative of xterm.
static inline bool sotto_moves_cursor(const char *type) {
    int status = 0;
    if (setupterm((char *)type, 1, &status) != OK) return true;
    char *move = tigetstr((char *)"cup");
    bool can = move != NULL && move != (char *)-1;
    del_curterm(cur_term);
    return can;
}

/// Chooses a locale whose characters are UTF-8, the person's own if it is one. False when there is none.
static inline bool sotto_use_utf8_locale(void) {
    if (setlocale(LC_ALL, "") != NULL && MB_CUR_MAX >= 4) return true;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

/// What wget_wch says: a character, a key code of ncurses, or nothing waiting.
static inline bool sotto_read_key(wint_t *value, bool *is_code) {
    int result = wget_wch(stdscr, value);
    *is_code = result == KEY_CODE_YES;
    return result != ERR;
}

/// Non-blocking reads, with function keys as codes where `codes` is true and as their bytes where it is false.
static inline void sotto_read_key_codes(bool codes) {
    nodelay(stdscr, true);
    keypad(stdscr, codes);
}

/// The most code points that ncurses keeps in a cell.
static const int sotto_cell_length = CCHARW_MAX;

/// A cell of a code point and marks on it, `count` of at most sotto_cell_length.
static inline void sotto_make_cell(cchar_t *cell, const wchar_t *points, int count, attr_t attributes, int pair) {
    wchar_t text[CCHARW_MAX + 1] = {0};
    for (int i = 0; i < count && i < CCHARW_MAX; i++) text[i] = points[i];
    setcchar(cell, text, attributes, 0, &pair);
}

static inline void sotto_draw_row(int row, const cchar_t *cells, int count) {
    mvwadd_wchnstr(stdscr, row, 0, cells, count);
}

/// Lets ncurses draw cells again rather than have the terminal move them: what it does not know of would be moved
/// along.
static inline void sotto_keep_cells_in_place(void) { idcok(stdscr, false); }

static inline void sotto_place_cursor(int row, int column) { wmove(stdscr, row, column); }
static inline void sotto_show(void) { wrefresh(stdscr); }
/// The next sotto_show draws every cell again.
static inline void sotto_forget_screen(void) { clearok(stdscr, true); }

static const attr_t sotto_bold = A_BOLD;
static const attr_t sotto_dim = A_DIM;
static const attr_t sotto_italic = A_ITALIC;
static const attr_t sotto_underline = A_UNDERLINE;
static const attr_t sotto_reverse = A_REVERSE;

static const mmask_t sotto_wheel_up = BUTTON4_PRESSED;
static const mmask_t sotto_wheel_down = BUTTON5_PRESSED;
static const mmask_t sotto_left_press = BUTTON1_PRESSED;

#endif
