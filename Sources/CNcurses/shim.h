// The macros, variadic functions and global variables of ncurses that Swift cannot import, as functions and constants.
#ifndef SOTTO_CNCURSES_H
#define SOTTO_CNCURSES_H

// Wide characters: without these macros ncurses declares only its 8-bit API.
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif

#include <fcntl.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

// POSIX, but the C library declares it only with feature macros that a Swift import does not set.
extern int wcwidth(wchar_t point);
#ifdef __linux__
extern int memfd_create(const char *name, unsigned int flags);
#endif

static inline int sotto_wcwidth(wchar_t point) { return wcwidth(point); }
static inline int sotto_row_count(void) { return getmaxy(stdscr); }
static inline int sotto_column_count(void) { return getmaxx(stdscr); }
static inline SCREEN *sotto_newterm(const char *type, FILE *output) { return newterm(type, output, stdin); }
static inline int sotto_color_count(void) { return COLORS; }
static inline int sotto_color_pair_count(void) { return COLOR_PAIRS; }

/// Loads the terminfo entry of a terminal, for sotto_terminfo_string, tigetflag and tigetnum.
static inline bool sotto_load_terminfo(const char *type, int descriptor) {
    int result = 0;
    return setupterm((char *)type, descriptor, &result) == OK;
}
static inline void sotto_free_terminfo(void) { del_curterm(cur_term); }
/// NULL if the terminal has no such string.
static inline const char *sotto_terminfo_string(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (const char *)-1 ? NULL : text;
}
/// The names of terminfo capabilities by number, NULL after the last.
static inline const char *sotto_terminfo_flag_name(int number) { return boolnames[number]; }
static inline const char *sotto_terminfo_number_name(int number) { return numnames[number]; }
static inline const char *sotto_terminfo_string_name(int number) { return strnames[number]; }

/// Whether the terminal takes red, green and blue directly instead of palette entries.
static inline bool sotto_has_direct_color(void) { return tigetflag((char *)"RGB") > 0 || tigetnum((char *)"RGB") > 0; }

/// Whether the terminal's terminfo entry has strike-through.
static inline bool sotto_has_strikethrough(void) {
    const char *sequence = tigetstr((char *)"smxx");
    return sequence != NULL && sequence != (const char *)-1;
}

/// Whether a terminal of this type can move its cursor. An unknown type is assumed to resemble xterm.
static inline bool sotto_can_move_cursor(const char *type) {
    int status = 0;
    if (setupterm((char *)type, 1, &status) != OK) return true;
    char *move = tigetstr((char *)"cup");
    bool can = move != NULL && move != (char *)-1;
    del_curterm(cur_term);
    return can;
}

/// Sets a UTF-8 locale: the user's own if it is one. Returns false if there is none.
static inline bool sotto_use_utf8_locale(void) {
    if (setlocale(LC_ALL, "") != NULL && MB_CUR_MAX >= 4) return true;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

/// Prepares drawing: keys send the sequences that the terminal's description names, the cursor is not ncurses' concern,
/// input does not interrupt a drawing, and cells are redrawn instead of shifted by the terminal, which would also shift
/// what ncurses does not know about.
static inline void sotto_prepare_screen(void) {
    keypad(stdscr, true);
    curs_set(0);
    typeahead(-1);
    idcok(stdscr, false);
}

/// An empty file in memory, or one without a name where there is no memory for files. -1 if there is none.
static inline int sotto_memory_file(void) {
#ifdef __linux__
    int memory = memfd_create("screen", 1 /* MFD_CLOEXEC */);
    if (memory >= 0) return memory;
#endif
    char path[] = "/tmp/sotto-XXXXXX";
    int file = mkstemp(path);
    if (file >= 0) {
        unlink(path);
        fcntl(file, F_SETFD, FD_CLOEXEC);
    }
    return file;
}

/// The maximum number of code points that ncurses stores in a cell.
static const int sotto_cell_length = CCHARW_MAX;

/// Builds a cell from a base code point and its combining marks; `count` is at most sotto_cell_length.
static inline void sotto_make_cell(cchar_t *cell, const wchar_t *points, int count, attr_t attributes, int pair) {
    wchar_t text[CCHARW_MAX + 1] = {0};
    for (int i = 0; i < count && i < CCHARW_MAX; i++) text[i] = points[i];
    setcchar(cell, text, attributes, 0, &pair);
}

static inline void sotto_draw_row(int row, const cchar_t *cells, int count) {
    mvwadd_wchnstr(stdscr, row, 0, cells, count);
}

static inline void sotto_move_cursor(int row, int column) { wmove(stdscr, row, column); }
static inline void sotto_refresh(void) { wrefresh(stdscr); }
/// Makes the next sotto_refresh redraw every cell.
static inline void sotto_invalidate_screen(void) { clearok(stdscr, true); }

static const attr_t sotto_bold = A_BOLD;
static const attr_t sotto_dim = A_DIM;
static const attr_t sotto_italic = A_ITALIC;
static const attr_t sotto_underline = A_UNDERLINE;
static const attr_t sotto_reverse = A_REVERSE;

#endif
