package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Claims.Claim;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.pool.Spare;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Branches in the control database. */
final class BranchStore {

  private static final String UNIQUE_VIOLATION = "23505";

  private static final String SELECT =
      "SELECT b.id, b.name, b.state, g.fork_lsn, g.fork_time, b.expires_at, b.parent, g.database,"
          + " b.client_role, b.password, b.ephemeral, b.created_at FROM branches b JOIN"
          + " golden_images g ON g.id = b.golden_id";

  private final Jdbi jdbi;

  BranchStore(DataSource control) {
    this.jdbi = Jdbi.create(control);
  }

  /** A branch of a branch that is about to be made. */
  record Draft(
      BranchName name,
      Lifetime lifetime,
      BranchName parent,
      String clientRole,
      String password,
      boolean ephemeral,
      Instant createdAt) {}

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the name is taken
   */
  BranchId begin(Draft draft) {
    try {
      return jdbi.withHandle(handle ->
          new BranchId(
              handle
                  .createQuery(
                      "INSERT INTO branches (name, state, expires_at, parent, client_role,"
                          + " password, ephemeral, created_at) VALUES (:name, 'CREATING', :expires,"
                          + " :parent, :role, :password, :ephemeral, :created) RETURNING id")
                  .bind("name", draft.name().value())
                  .bind("expires", draft.lifetime().end().orElse(null))
                  .bind("parent", draft.parent().value())
                  .bind("role", draft.clientRole())
                  .bind("password", draft.password())
                  .bind("ephemeral", draft.ephemeral())
                  .bind("created", draft.createdAt())
                  .mapTo(Long.class)
                  .one()));
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException cause
          && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
        throw new AnabranchException(ErrorCode.BRANCH_EXISTS, e, draft.name());
      }
      throw e;
    }
  }

  /** A row for a clone that is about to be made; it keeps the image. */
  BranchId beginSpare(long goldenId, String password, boolean ephemeral, Instant createdAt) {
    return jdbi.withHandle(handle ->
        new BranchId(
            handle
                .createQuery(
                    "INSERT INTO branches (state, golden_id, client_role, password, ephemeral,"
                        + " created_at) VALUES ('CREATING', :golden, :role, :password, :ephemeral,"
                        + " :created) RETURNING id")
                .bind("golden", goldenId)
                .bind("role", Roles.CLIENT)
                .bind("password", password)
                .bind("ephemeral", ephemeral)
                .bind("created", createdAt)
                .mapTo(Long.class)
                .one()));
  }

  /** From here on it outlives this process. */
  void shelve(BranchId id, Branch.State state, boolean ephemeral) {
    jdbi.useHandle(handle ->
        handle.execute(
            "UPDATE branches SET state = ?, ephemeral = ? WHERE id = ?",
            state.name(),
            ephemeral,
            id.value()));
  }

  /** Those on a shelf that are clones of one of these images. */
  List<Spare> spares(List<GoldenImage> images) {
    Map<Long, GoldenImage> byId =
        images.stream().collect(Collectors.toMap(GoldenImage::id, image -> image));
    return jdbi
        .withHandle(handle ->
            handle
                .createQuery(
                    "SELECT id, golden_id, ephemeral, password FROM branches WHERE state IN ('HOT',"
                        + " 'COLD') ORDER BY id")
                .map((row, context) ->
                    Optional.ofNullable(byId.get(row.getLong("golden_id")))
                        .map(image -> spare(row, image)))
                .list())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Spare spare(ResultSet row, GoldenImage image) {
    try {
      return new Spare(
          new BranchId(row.getLong("id")),
          image,
          row.getBoolean("ephemeral"),
          row.getString("password"));
    } catch (SQLException e) {
      throw new IllegalStateException("reading a spare's row", e);
    }
  }

  /**
   * Makes branches of spares, all in one transaction.
   *
   * @return those whose name was free
   */
  List<BranchId> claim(List<Claim> claims) {
    String sql =
        """
        UPDATE branches SET name = :name, state = :state, expires_at = :expires, client_role = :role,
          password = :password, ephemeral = :ephemeral, created_at = :created
        WHERE id = :id AND NOT EXISTS (SELECT FROM branches WHERE name = :name)\
        """;
    int[] counts =
        jdbi.inTransaction(handle -> {
          try (PreparedBatch batch = handle.prepareBatch(sql)) {
            claims.forEach(claim -> bind(batch, claim));
            return batch.execute();
          }
        });
    return IntStream.range(0, counts.length)
        .filter(i -> counts[i] == 1)
        .mapToObj(i -> claims.get(i).id())
        .toList();
  }

  private static void bind(PreparedBatch batch, Claim claim) {
    batch
        .bind("id", claim.id().value())
        .bindByType("name", claim.name().map(BranchName::value).orElse(null), String.class)
        .bind("state", claim.state().name())
        .bindByType("expires", claim.lifetime().end().orElse(null), Instant.class)
        .bind("role", claim.clientRole())
        .bind("password", claim.password())
        .bind("ephemeral", claim.ephemeral())
        .bind("created", claim.createdAt())
        .add();
  }

  /** From here on the image is kept for this branch. */
  void restOn(BranchId id, long goldenId) {
    jdbi.useHandle(handle ->
        handle.execute("UPDATE branches SET golden_id = ? WHERE id = ?", goldenId, id.value()));
  }

  void setState(BranchId id, Branch.State state) {
    jdbi.useHandle(handle ->
        handle.execute("UPDATE branches SET state = ? WHERE id = ?", state.name(), id.value()));
  }

  void remove(BranchId id) {
    jdbi.useHandle(handle -> handle.execute("DELETE FROM branches WHERE id = ?", id.value()));
  }

  /** The new life takes over the name in the moment in which the old one gives it up. */
  void replace(Branch old, BranchId next) {
    jdbi.useTransaction(handle -> {
      handle.execute(
          "UPDATE branches SET name = NULL, state = 'DELETING' WHERE id = ?", old.id().value());
      handle.execute(
          "UPDATE branches SET name = ?, state = 'READY' WHERE id = ?",
          old.name().value(),
          next.value());
    });
  }

  /** Branches with a name and an image, by name. */
  List<Branch> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.name IS NOT NULL ORDER BY b.name")
            .map(BranchStore::branch)
            .list());
  }

  Optional<Branch> find(BranchName name) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.name = ?")
            .bind(0, name.value())
            .map(BranchStore::branch)
            .findOne());
  }

  /** Rows of branches that never became ready, or were on their way out. */
  List<BranchId> unfinished() {
    return ids("state IN ('CREATING', 'DELETING')");
  }

  List<BranchId> finished() {
    return ids("state NOT IN ('CREATING', 'DELETING')");
  }

  private List<BranchId> ids(String condition) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT id FROM branches WHERE " + condition)
            .mapTo(Long.class)
            .list()
            .stream()
            .map(BranchId::new)
            .toList());
  }

  private static Branch branch(ResultSet row, StatementContext context) throws SQLException {
    @Nullable Timestamp expires = row.getTimestamp("expires_at");
    return new Branch(
        new BranchId(row.getLong("id")),
        new BranchName(row.getString("name")),
        Branch.State.valueOf(row.getString("state")),
        Lsn.parse(row.getString("fork_lsn")),
        row.getTimestamp("fork_time").toInstant(),
        expires == null ? new Lifetime.NoExpiry() : new Lifetime.Until(expires.toInstant()),
        Optional.ofNullable(row.getString("parent")).map(BranchName::new),
        row.getString("database"),
        row.getString("client_role"),
        row.getString("password"),
        row.getBoolean("ephemeral"),
        row.getTimestamp("created_at").toInstant());
  }
}
