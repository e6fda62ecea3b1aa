// The three-payer policy as a C programmer would write it for speed: one pass, amounts in int64 fen, half-up rounding
// once a schedule. What is used in a year is kept in locals. The catastrophic payment is the schedule at the year's
// position after the bill less that before it; below the threshold both are 0 without arithmetic. A person may be poor
// on one bill and not on the next of the same year, so neither value is carried from bill to bill.
// Amounts are never negative, so the divisions are unsigned, which is quicker.
//
// by_literals: every number of the law stands in the code. by_table: the same numbers from a table, one row a class
// (level * 2 + poor), so that another law of the same form needs no other code.

#include <stddef.h>
#include <stdint.h>

typedef int64_t fen;
typedef struct {
    fen basic, position, catastrophic, assistance;
} used;
typedef struct {
    fen basic, catastrophic, assistance;
} paid;

// Bills `i` to before `stop` of these columns; the results go to the last four.
#define COLUMNS                                                                                                   \
    ptrdiff_t i, ptrdiff_t stop, const int32_t *restrict person, const int16_t *restrict year,                    \
        const int8_t *restrict level, const int8_t *restrict poor, const fen *restrict in_scope,                  \
        const fen *restrict total, fen *restrict basic, fen *restrict catastrophic, fen *restrict assistance,     \
        fen *restrict patient
#define INLINE static inline __attribute__((always_inline))

enum { ONE = 10000, HALF = 5000 };

INLINE fen rounded(fen exact) { return (fen)(((uint64_t)exact + HALF) / ONE); }
INLINE fen share(fen amount, fen rate) { return rounded(amount * rate); }
INLINE fen least(fen a, fen b) { return a < b ? a : b; }
INLINE fen most(fen a, fen b) { return a > b ? a : b; }

static const fen DEDUCTIBLE[8] = {10000, 5000, 30000, 15000, 60000, 30000, 100000, 50000};
static const fen RATE[8] = {9000, 10000, 8000, 9000, 7000, 8000, 6000, 7000};

INLINE fen schedule(fen x, fen threshold) {
    fen first = least(x, 5000000) - threshold;
    fen second = most(least(x, 10000000) - 5000000, 0);
    fen third = most(x - 10000000, 0);
    return rounded(first * 6000 + second * 6500 + third * 7500);
}

INLINE paid settle(fen scope, int level, int poor, used *u) {
    const int class = level * 2 + poor;
    const fen threshold = poor ? 300000 : 600000;
    paid p = {0, 0, 0};
    p.basic = least(share(most(scope - DEDUCTIBLE[class], 0), RATE[class]), 15000000 - u->basic);
    u->basic += p.basic;
    fen left = scope - p.basic;
    const fen before = u->position, after = before + left;
    u->position = after;
    if (after > threshold) {
        const fen scheduled = schedule(after, threshold) - (before > threshold ? schedule(before, threshold) : 0);
        p.catastrophic = least(scheduled, 30000000 - u->catastrophic);
        u->catastrophic += p.catastrophic;
        left -= p.catastrophic;
    }
    if (poor) {
        p.assistance = least(share(left, 7000), 5000000 - u->assistance);
        u->assistance += p.assistance;
    }
    return p;
}

void by_literals(COLUMNS) {
    while (i < stop) {
        const int32_t who = person[i];
        const int16_t when = year[i];
        used u = {0, 0, 0, 0};
        do {
            const paid p = poor[i] ? settle(in_scope[i], level[i], 1, &u) : settle(in_scope[i], level[i], 0, &u);
            basic[i] = p.basic;
            catastrophic[i] = p.catastrophic;
            assistance[i] = p.assistance;
            patient[i] = total[i] - p.basic - p.catastrophic - p.assistance;
            i++;
        } while (i < stop && person[i] == who && year[i] == when);
    }
}

// The columns of a row of the table; table.py fills them in this order.
enum { FROM, SHARE, BASIC_CAP, THRESHOLD, EDGE_1, EDGE_2, BAND_1, BAND_2, BAND_3, CATASTROPHIC_CAP, AID, AID_CAP, WIDTH };

INLINE fen schedule_of(fen x, const fen *restrict row) {
    const fen low = row[THRESHOLD], edge_1 = row[EDGE_1], edge_2 = row[EDGE_2];
    fen first = most(least(x, edge_1) - low, 0);
    fen second = most(least(x, edge_2) - most(edge_1, low), 0);
    fen third = most(x - most(edge_2, low), 0);
    return rounded(first * row[BAND_1] + second * row[BAND_2] + third * row[BAND_3]);
}

INLINE paid settle_by(fen scope, const fen *restrict row, used *u) {
    paid p = {0, 0, 0};
    p.basic = least(share(most(scope - row[FROM], 0), row[SHARE]), row[BASIC_CAP] - u->basic);
    u->basic += p.basic;
    fen left = scope - p.basic;
    const fen before = u->position, after = before + left, threshold = row[THRESHOLD];
    u->position = after;
    if (after > threshold) {
        const fen scheduled = schedule_of(after, row) - (before > threshold ? schedule_of(before, row) : 0);
        p.catastrophic = least(scheduled, row[CATASTROPHIC_CAP] - u->catastrophic);
        u->catastrophic += p.catastrophic;
        left -= p.catastrophic;
    }
    if (row[AID]) {
        p.assistance = least(share(left, row[AID]), row[AID_CAP] - u->assistance);
        u->assistance += p.assistance;
    }
    return p;
}

void by_table(COLUMNS, const fen *restrict table) {
    while (i < stop) {
        const int32_t who = person[i];
        const int16_t when = year[i];
        used u = {0, 0, 0, 0};
        do {
            const paid p = settle_by(in_scope[i], table + (level[i] * 2 + poor[i]) * WIDTH, &u);
            basic[i] = p.basic;
            catastrophic[i] = p.catastrophic;
            assistance[i] = p.assistance;
            patient[i] = total[i] - p.basic - p.catastrophic - p.assistance;
            i++;
        } while (i < stop && person[i] == who && year[i] == when);
    }
}

// What memory alone allows: the same columns in, four of the same width out, and no rule between.
void no_rules(COLUMNS) {
    for (; i < stop; i++) {
        basic[i] = in_scope[i];
        catastrophic[i] = total[i];
        assistance[i] = person[i] + year[i];
        patient[i] = level[i] + poor[i];
    }
}
