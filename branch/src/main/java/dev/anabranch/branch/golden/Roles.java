package dev.anabranch.branch.golden;

/** The roles that exist inside golden images and branches and not on main. */
public final class Roles {

  /** Superuser, for Anabranch itself. */
  public static final String OWNER = "anabranch_owner";

  /** The client: no superuser, a member of the roles that own main's tables. */
  public static final String CLIENT = "anabranch_client";

  /** The client of a branch that was made with {@code --role}: a member of that role alone. */
  public static final String MEMBER = "anabranch_member";

  /** The publication and the logical slot that capture a branch's own writes. */
  public static final String CAPTURE = "anabranch_branch";

  /** The physical slot that keeps a branch's log from its beginning on. */
  public static final String PAST = "anabranch_past";

  private Roles() {}
}
