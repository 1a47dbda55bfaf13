package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.check.diff.ChangedRow;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffRequest;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /diff}: what a branch has changed, or main. All is known before the first byte is
 * sent, and rows are sent as they are read.
 */
final class DiffAnswer {

  /** Whether there is anything in it, for who reads no further. */
  static final String DIFFERS = "Anabranch-Differs";

  private static final int BUFFER = 64 * 1024;

  /** How a diff is told. */
  private enum Form {
    JSON("application/json"),
    CSV("text/csv; charset=utf-8"),
    SQL("application/sql; charset=utf-8");

    private final String type;

    Form(String type) {
      this.type = type;
    }
  }

  /** Who finds out what there is to tell. */
  interface Source {
    Diff diff(DiffRequest request);
  }

  private DiffAnswer() {}

  static void send(Context context, BranchName branch, Source source) throws IOException {
    Form form = form(context);
    boolean rows = HttpServer.flag(context, "rows");
    try (Diff diff = source.diff(request(context, branch, form))) {
      context.contentType(form.type).header(DIFFERS, Boolean.toString(diff.differs()));
      OutputStream out = new BufferedOutputStream(context.res().getOutputStream(), BUFFER);
      switch (form) {
        case JSON -> DiffJson.write(diff, rows, out);
        case CSV -> DiffCsv.write(diff, out);
        case SQL -> DiffSql.write(diff, out);
      }
      out.flush();
    }
  }

  private static Form form(Context context) {
    String text = Optional.ofNullable(context.queryParam("format")).orElse("json");
    return switch (text) {
      case "json" -> Form.JSON;
      case "csv" -> Form.CSV;
      case "sql" -> Form.SQL;
      default -> throw invalid("'" + text + "' is no format of a diff: say json, csv or sql.");
    };
  }

  private static DiffRequest request(Context context, BranchName branch, Form form) {
    boolean behind = HttpServer.flag(context, "behind");
    boolean pending = HttpServer.flag(context, "pending");
    boolean schema = HttpServer.flag(context, "schema");
    OptionalLong unit = unit(context.queryParam("unit"));
    if (behind && (pending || unit.isPresent())) {
      throw invalid("Units are the branch's own work: leave unit and pending out, or behind.");
    }
    if (schema && form == Form.CSV) {
      throw invalid("A csv has a line for each row, and none for definitions: leave schema out.");
    }
    return new DiffRequest(
        branch,
        behind,
        Optional.ofNullable(context.queryParam("table")),
        kinds(context),
        unit,
        pending,
        schema,
        form == Form.SQL ? DiffRequest.Order.TIME : DiffRequest.Order.TABLE);
  }

  private static Set<ChangedRow.Kind> kinds(Context context) {
    Set<ChangedRow.Kind> kinds = EnumSet.noneOf(ChangedRow.Kind.class);
    for (String text : context.queryParams("kind")) {
      switch (text.toLowerCase(Locale.ROOT)) {
        case "insert" -> kinds.add(ChangedRow.Kind.INSERT);
        case "update" -> kinds.add(ChangedRow.Kind.UPDATE);
        case "delete" -> kinds.add(ChangedRow.Kind.DELETE);
        default ->
            throw invalid("'" + text + "' is no kind of change: say insert, update or delete.");
      }
    }
    return kinds.isEmpty() ? EnumSet.allOf(ChangedRow.Kind.class) : kinds;
  }

  private static OptionalLong unit(@Nullable String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID, e, "'" + text + "' is no unit: give its number.");
    }
  }

  private static AnabranchException invalid(String sentence) {
    return new AnabranchException(ErrorCode.REQUEST_INVALID, sentence);
  }
}
