package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class RowTextTest {

  @Test
  void readsWhatPostgresWrites() throws SQLException {
    for (List<@Nullable String> cells :
        List.<List<@Nullable String>>of(
            Arrays.asList("a", null, ""),
            Arrays.asList(null, null, null),
            Arrays.asList("b, c", "say \"so\"", "back\\slash"),
            Arrays.asList("(1,2)", "line\nline", " spaced "),
            Arrays.asList("{\"k\": \"v\\\"w\"}", ")", "\""))) {
      assertThat(RowText.parse(written(cells))).isEqualTo(cells);
    }
  }

  private static String written(List<@Nullable String> cells) throws SQLException {
    try (Connection connection = TemporaryPostgres.shared().connect("postgres");
        PreparedStatement query =
            connection.prepareStatement("SELECT ROW(?::text, ?::text, ?::text)::text")) {
      for (int i = 0; i < cells.size(); i++) {
        query.setString(i + 1, cells.get(i));
      }
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }
}
