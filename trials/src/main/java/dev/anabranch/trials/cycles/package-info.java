/**
 * Whole lives of branches, judged by executing them again: programs work on a branch through the
 * gateway, main moves, the branch is checked and promoted, production writes on, and then all of it
 * again.
 *
 * <p>A {@link dev.anabranch.trials.cycles.Course} is data: {@link
 * dev.anabranch.trials.cycles.Program programs} of one kind each (what a program reads, writes and
 * is told), and {@link dev.anabranch.trials.cycles.Move moves} of main. A {@link
 * dev.anabranch.trials.cycles.Life} tells it to a running server and keeps what every statement
 * told and what every transaction changed. The judgement knows nothing of footprints, units or
 * plans; all it does is to {@link dev.anabranch.trials.cycles.Replay execute} a part of that
 * history again, in its order, on a plain Postgres with main's schema and rows:
 *
 * <ul>
 *   <li><b>A verdict of {@code holds}</b> is false when the whole pending history, executed on main
 *       now, tells something else at that statement, although every earlier transaction had its old
 *       effect.
 *   <li><b>A landing</b> is right when executing exactly the landed transactions, with all that
 *       their tasks were told before them, on main as it was before, tells every statement the same
 *       and leaves exactly the rows that main has afterwards. Numbers that were drawn are compared
 *       by the row that they name; clocks and random values are not compared.
 *   <li><b>What should land</b> is the largest set of tasks that tell the same when executed alone;
 *       the share of it that landed is counted for each kind of program.
 *   <li><b>What is decided and undone</b>: at the end open facts are decided by chance, production
 *       edits rows, and the promotion is undone: main is compared with what the facts said and with
 *       the inverse of what was written, row by row, where nobody has edited it since.
 *   <li><b>Production goes on</b>: after each promotion a list of ordinary writes must do on main
 *       what it does on the copy.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package dev.anabranch.trials.cycles;
