package dev.anabranch.base;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The OIDs of types that Postgres itself brings, which are the same in every database
 * (pg_type.dat), under its own names for them; X_ARRAY is that of arrays of X.
 */
public final class TypeOid {

  public static final int BOOL = 16;
  public static final int BYTEA = 17;

  /** The type {@code "char"}, one byte. */
  public static final int CHAR = 18;

  public static final int NAME = 19;
  public static final int INT8 = 20;
  public static final int INT2 = 21;
  public static final int INT2VECTOR = 22;
  public static final int INT4 = 23;
  public static final int TEXT = 25;
  public static final int OID = 26;
  public static final int XID = 28;
  public static final int CID = 29;
  public static final int OIDVECTOR = 30;
  public static final int JSON = 114;
  public static final int XML = 142;
  public static final int JSON_ARRAY = 199;
  public static final int POINT = 600;
  public static final int LSEG = 601;
  public static final int PATH = 602;
  public static final int BOX = 603;
  public static final int POLYGON = 604;
  public static final int LINE = 628;
  public static final int CIDR = 650;
  public static final int CIDR_ARRAY = 651;
  public static final int FLOAT4 = 700;
  public static final int FLOAT8 = 701;
  public static final int UNKNOWN = 705;
  public static final int CIRCLE = 718;
  public static final int MACADDR8 = 774;
  public static final int MACADDR8_ARRAY = 775;
  public static final int MONEY = 790;
  public static final int MONEY_ARRAY = 791;
  public static final int MACADDR = 829;
  public static final int INET = 869;
  public static final int BOOL_ARRAY = 1000;
  public static final int BYTEA_ARRAY = 1001;
  public static final int INT2_ARRAY = 1005;
  public static final int INT4_ARRAY = 1007;
  public static final int TEXT_ARRAY = 1009;
  public static final int BPCHAR_ARRAY = 1014;
  public static final int VARCHAR_ARRAY = 1015;
  public static final int INT8_ARRAY = 1016;
  public static final int MACADDR_ARRAY = 1040;
  public static final int INET_ARRAY = 1041;
  public static final int BPCHAR = 1042;
  public static final int VARCHAR = 1043;
  public static final int DATE = 1082;
  public static final int TIME = 1083;
  public static final int TIMESTAMP = 1114;
  public static final int TIMESTAMP_ARRAY = 1115;
  public static final int DATE_ARRAY = 1182;
  public static final int TIME_ARRAY = 1183;
  public static final int TIMESTAMPTZ = 1184;
  public static final int TIMESTAMPTZ_ARRAY = 1185;
  public static final int INTERVAL = 1186;
  public static final int INTERVAL_ARRAY = 1187;
  public static final int NUMERIC_ARRAY = 1231;
  public static final int TIMETZ = 1266;
  public static final int TIMETZ_ARRAY = 1270;
  public static final int BIT = 1560;
  public static final int BIT_ARRAY = 1561;
  public static final int VARBIT = 1562;
  public static final int VARBIT_ARRAY = 1563;
  public static final int NUMERIC = 1700;
  public static final int RECORD = 2249;
  public static final int UUID = 2950;
  public static final int UUID_ARRAY = 2951;
  public static final int PG_LSN = 3220;
  public static final int PG_LSN_ARRAY = 3221;
  public static final int TSVECTOR = 3614;
  public static final int TSQUERY = 3615;
  public static final int JSONB = 3802;
  public static final int JSONB_ARRAY = 3807;
  public static final int INT4RANGE = 3904;
  public static final int NUMRANGE = 3906;
  public static final int TSRANGE = 3908;
  public static final int TSRANGE_ARRAY = 3909;
  public static final int TSTZRANGE = 3910;
  public static final int TSTZRANGE_ARRAY = 3911;
  public static final int DATERANGE = 3912;
  public static final int DATERANGE_ARRAY = 3913;
  public static final int INT8RANGE = 3926;
  public static final int INT4MULTIRANGE = 4451;
  public static final int NUMMULTIRANGE = 4532;
  public static final int TSMULTIRANGE = 4533;
  public static final int TSTZMULTIRANGE = 4534;
  public static final int DATEMULTIRANGE = 4535;
  public static final int INT8MULTIRANGE = 4536;
  public static final int XID8 = 5069;

  private TypeOid() {}

  /** The same, as the catalogs' readers have them. */
  public static Set<Long> set(int... oids) {
    return Arrays.stream(oids).asLongStream().boxed().collect(Collectors.toUnmodifiableSet());
  }
}
