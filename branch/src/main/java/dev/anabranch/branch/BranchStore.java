package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.NameGroupCommit.Claim;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.pool.WarmBranch;
import dev.anabranch.branch.storage.PasswordCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Branches in the control database. */
final class BranchStore {

  private static final String UNIQUE_VIOLATION = "23505";

  private static final String SELECT =
      """
      SELECT b.id, coalesce(b.name, b.former_name) AS name, b.state, g.fork_lsn, g.fork_time, b.expires_at,
        coalesce(p.name, p.former_name, b.parent) AS parent, g.database, b.client_role, b.password, b.ephemeral,
        b.created_at, b.owner, b.made_with, b.protected, b.task_by, b.deleted_at
      FROM branches b JOIN golden_images g ON g.id = b.golden_id LEFT JOIN branches p ON p.id = b.parent_id
      """;

  /** Whoever adds to the number of branches holds this until its transaction ends. */
  private static final long COUNTING = 7_301_958_244_119_031L;

  private static final Logger log = LoggerFactory.getLogger(BranchStore.class);

  private final Jdbi jdbi;
  private final BranchLimits limits;
  private final PasswordCipher seal;

  BranchStore(DataSource control, BranchLimits limits, PasswordCipher seal) {
    this.jdbi = Jdbi.create(control);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    this.seal = seal;
    this.limits = limits;
  }

  /**
   * A row for a branch of a branch that is about to be made; it keeps the parent's image.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the name is taken, {@link
   *     ErrorCode#BRANCH_LIMIT} when there are enough
   */
  BranchId beginChild(
      BranchRequest request, Branch parent, long goldenId, String password, Instant createdAt) {
    return unlessTaken(
        request.name(),
        handle -> {
          count(handle).add(request.owner());
          return new BranchId(
              handle
                  .createQuery(
                      """
                      INSERT INTO branches (name, state, golden_id, expires_at, parent, parent_id, client_role,
                        password, ephemeral, created_at, owner, made_with, protected, task_by)
                      VALUES (:name, 'CREATING', :golden, :expires, :parent, :parentId, :role,
                        :password, :ephemeral, :created, :owner, :madeWith, :protected, :taskBy) RETURNING id
                      """)
                  .bind("name", request.name().value())
                  .bind("golden", goldenId)
                  .bindByType("expires", request.lifetime().end().orElse(null), Instant.class)
                  .bind("parent", parent.name().value())
                  .bind("parentId", parent.id().value())
                  .bind("role", parent.clientRole())
                  .bind("password", seal.close(password))
                  .bind("ephemeral", request.ephemeral())
                  .bind("created", createdAt)
                  .bind("owner", request.owner())
                  .bind("madeWith", request.madeWith())
                  .bind("protected", request.isProtected())
                  .bind("taskBy", request.taskBy().word())
                  .mapTo(Long.class)
                  .one());
        });
  }

  private String opened(ResultSet row) throws SQLException {
    return seal.open(row.getString("password"))
        .orElseThrow(() -> new IllegalStateException("a password is sealed with another key"));
  }

  /**
   * Seals what an earlier version kept as it is, and gives a new password to every branch whose own
   * is sealed with a key that is lost: nobody can be told it any more.
   */
  void sealPasswords() {
    jdbi.useTransaction(handle -> {
      Map<Long, String> sealed = new HashMap<>();
      List<Long> lost = new ArrayList<>();
      handle
          .createQuery("SELECT id, password FROM branches FOR UPDATE")
          .map((row, context) -> Map.entry(row.getLong("id"), row.getString("password")))
          .forEach(row -> {
            Optional<String> password = seal.open(row.getValue());
            if (password.isEmpty()) {
              lost.add(row.getKey());
            }
            if (password.isEmpty() || !PasswordCipher.isClosed(row.getValue())) {
              sealed.put(row.getKey(), seal.close(password.orElseGet(Passwords::fresh)));
            }
          });
      sealed.forEach((id, password) ->
          handle.execute("UPDATE branches SET password = ? WHERE id = ?", password, id));
      if (!lost.isEmpty()) {
        log.warn(
            "{} branches have new passwords, because the key of the old ones is lost:"
                + " `anabranch branch url` tells them",
            lost.size());
      }
    });
  }

  private <T> T unlessTaken(BranchName name, HandleCallback<T, RuntimeException> action) {
    try {
      return jdbi.inTransaction(action);
    } catch (UnableToExecuteStatementException e) {
      if (e.getCause() instanceof SQLException cause
          && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
        throw new AnabranchException(ErrorCode.BRANCH_EXISTS, e, name);
      }
      throw e;
    }
  }

  /** How many branches each owner has; nobody else adds one before the transaction ends. */
  private BranchQuota count(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(?)", COUNTING);
    Map<String, Long> held = new HashMap<>();
    handle
        .createQuery(
            "SELECT owner, count(*) AS held FROM branches WHERE name IS NOT NULL GROUP BY owner")
        .map((row, context) -> held.put(row.getString("owner"), row.getLong("held")))
        .list();
    return new BranchQuota(limits, held);
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
                .bind("password", seal.close(password))
                .bind("ephemeral", ephemeral)
                .bind("created", createdAt)
                .mapTo(Long.class)
                .one()));
  }

  /** A row for the next life of a branch that is like the one now, without its name. */
  BranchId beginRestored(Branch now) {
    return jdbi.withHandle(handle ->
        new BranchId(
            handle
                .createQuery(
                    """
                    INSERT INTO branches (state, golden_id, expires_at, client_role, password, ephemeral, created_at,
                      owner, made_with, protected, task_by)
                    SELECT 'CREATING', golden_id, expires_at, client_role, password, ephemeral, created_at, owner,
                      made_with, protected, task_by FROM branches WHERE id = :id RETURNING id
                    """)
                .bind("id", now.id().value())
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
  List<WarmBranch> spares(List<GoldenImage> images) {
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

  private WarmBranch spare(ResultSet row, GoldenImage image) {
    try {
      return new WarmBranch(
          new BranchId(row.getLong("id")), image, row.getBoolean("ephemeral"), opened(row));
    } catch (SQLException e) {
      throw new IllegalStateException("reading a spare's row", e);
    }
  }

  /**
   * Makes branches of spares, all in one transaction.
   *
   * @return why not, for those that were refused: the name is taken, or there are enough branches
   */
  Map<BranchId, AnabranchException> claim(List<Claim> claims) {
    String sql =
        """
        UPDATE branches SET name = :name, state = :state, expires_at = :expires, client_role = :role,
          password = :password, ephemeral = :ephemeral, created_at = :created, owner = :owner,
          made_with = :madeWith, protected = :protected, task_by = :taskBy
        WHERE id = :id AND NOT EXISTS (SELECT FROM branches WHERE name = :name)\
        """;
    return jdbi.inTransaction(handle -> {
      Map<BranchId, AnabranchException> refused = new HashMap<>();
      List<Claim> admitted = admitted(handle, claims, refused);
      if (!admitted.isEmpty()) {
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
          admitted.forEach(claim -> bind(batch, claim));
          int[] counts = batch.execute();
          for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
              Claim claim = admitted.get(i);
              refused.put(
                  claim.id(),
                  new AnabranchException(
                      ErrorCode.BRANCH_EXISTS, claim.name().map(BranchName::value).orElse("?")));
            }
          }
        }
      }
      return refused;
    });
  }

  private List<Claim> admitted(
      Handle handle, List<Claim> claims, Map<BranchId, AnabranchException> refused) {
    BranchQuota census = count(handle);
    List<Claim> admitted = new ArrayList<>();
    for (Claim claim : claims) {
      try {
        if (claim.name().isPresent()) {
          census.add(claim.owner());
        }
        admitted.add(claim);
      } catch (AnabranchException e) {
        refused.put(claim.id(), e);
      }
    }
    return admitted;
  }

  private void bind(PreparedBatch batch, Claim claim) {
    batch
        .bind("id", claim.id().value())
        .bindByType("name", claim.name().map(BranchName::value).orElse(null), String.class)
        .bind("state", claim.state().name())
        .bindByType("expires", claim.lifetime().end().orElse(null), Instant.class)
        .bind("role", claim.clientRole())
        .bind("password", seal.close(claim.password()))
        .bind("ephemeral", claim.ephemeral())
        .bind("created", claim.createdAt())
        .bind("owner", claim.owner())
        .bind("madeWith", claim.madeWith())
        .bind("protected", claim.isProtected())
        .bind("taskBy", claim.taskBy().word())
        .add();
  }

  void setState(BranchId id, Branch.State state) {
    String sql = "UPDATE branches SET state = ? WHERE id = ?";
    jdbi.useHandle(handle -> handle.execute(sql, state.name(), id.value()));
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
          "UPDATE branches SET name = ?, state = 'READY', owner = ?, made_with = ? WHERE id = ?",
          old.name().value(),
          old.owner(),
          old.madeWith(),
          next.value());
      handle.execute(
          "UPDATE branches SET parent_id = ? WHERE parent_id = ?", next.value(), old.id().value());
    });
  }

  /** Branches with a name and an image, by name. */
  List<Branch> all() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.name IS NOT NULL ORDER BY b.name")
            .map(this::branch)
            .list());
  }

  Optional<Branch> find(BranchName name) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.name = ?")
            .bind(0, name.value())
            .map(this::branch)
            .findOne());
  }

  /** This life, under whatever name; empty when it is deleted or over. */
  Optional<Branch> find(BranchId id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.id = ? AND b.name IS NOT NULL")
            .bind(0, id.value())
            .map(this::branch)
            .findOne());
  }

  /** Those that were started from it and live, by name. */
  List<Branch> children(BranchId parent) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SELECT + " WHERE b.parent_id = ? AND b.name IS NOT NULL ORDER BY b.name")
            .bind(0, parent.value())
            .map(this::branch)
            .list());
  }

  void setProtected(BranchId id, boolean on) {
    jdbi.useHandle(
        handle -> handle.execute("UPDATE branches SET protected = ? WHERE id = ?", on, id.value()));
  }

  void setPassword(BranchId id, String password) {
    jdbi.useHandle(handle ->
        handle.execute(
            "UPDATE branches SET password = ? WHERE id = ?", seal.close(password), id.value()));
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the new name is taken
   */
  void rename(BranchId id, BranchName name) {
    unlessTaken(
        name,
        handle ->
            handle.execute("UPDATE branches SET name = ? WHERE id = ?", name.value(), id.value()));
  }

  /** They give up their names, all at once, and can be brought back. */
  void delete(List<BranchId> ids, Instant at) {
    forEach(
        ids,
        "UPDATE branches SET former_name = name, name = NULL, state = 'DELETED', deleted_at = :at"
            + " WHERE id = :id",
        batch -> batch.bind("at", at));
  }

  /** Says that they are on their way out, all at once; returns them. */
  List<BranchId> removing(List<BranchId> ids) {
    forEach(ids, "UPDATE branches SET state = 'DELETING' WHERE id = :id", batch -> batch);
    return ids;
  }

  private void forEach(List<BranchId> ids, String sql, UnaryOperator<PreparedBatch> bind) {
    jdbi.useTransaction(handle -> {
      try (PreparedBatch batch = handle.prepareBatch(sql)) {
        ids.forEach(id -> bind.apply(batch.bind("id", id.value())).add());
        batch.execute();
      }
    });
  }

  /** Deleted ones that can be brought back, those deleted last first. */
  List<Branch> deleted() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                SELECT + " WHERE b.state = 'DELETED' ORDER BY b.deleted_at DESC, b.id DESC")
            .map(this::branch)
            .list());
  }

  /**
   * Brings a deleted one back, asleep.
   *
   * @return false when it is not deleted any more
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the name is taken, {@link
   *     ErrorCode#BRANCH_LIMIT} when there are enough
   */
  boolean undelete(Branch branch, BranchName name, Lifetime lifetime) {
    return unlessTaken(
        name,
        handle -> {
          count(handle).add(branch.owner());
          return handle
                  .createUpdate(
                      """
                      UPDATE branches SET name = :name, state = 'SUSPENDED', former_name = NULL, deleted_at = NULL,
                        expires_at = :expires WHERE id = :id AND state = 'DELETED'
                      """)
                  .bind("name", name.value())
                  .bindByType("expires", lifetime.end().orElse(null), Instant.class)
                  .bind("id", branch.id().value())
                  .execute()
              == 1;
        });
  }

  /**
   * Takes a deleted one for its removal.
   *
   * @return false when it is not deleted any more
   */
  boolean purge(BranchId id) {
    return jdbi.withHandle(handle ->
        handle.execute(
            "UPDATE branches SET state = 'DELETING' WHERE id = ? AND state = 'DELETED'",
            id.value()))
        == 1;
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

  private Branch branch(ResultSet row, StatementContext context) throws SQLException {
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
        opened(row),
        row.getBoolean("ephemeral"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("owner"),
        row.getString("made_with"),
        row.getBoolean("protected"),
        TaskBy.of(row.getString("task_by")).orElse(TaskBy.WINDOW),
        Optional.ofNullable(row.getTimestamp("deleted_at")).map(Timestamp::toInstant));
  }
}
