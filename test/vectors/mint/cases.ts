import { DEFLATE } from './cases/deflate.ts';
import { CARD_FILE, PICTURE, TEXT_FILE } from './cases/file.ts';
import { ISSUER_STATE, ISSUER_TRUST, KEY } from './cases/issuer.ts';
import { JSON_STRICT } from './cases/json.ts';
import { JWS_ALGORITHM, JWS_HEADER } from './cases/jws-header.ts';
import { JWS_SHAPE, JWS_SIGNATURE } from './cases/jws-shape.ts';
import { LEGACY_VC } from './cases/legacy-vc.ts';
import { LEGACY_VP } from './cases/legacy-vp.ts';
import { DEEP_LINK } from './cases/link.ts';
import { NO_TRUST, ORDER, PRECEDENCE, RULES, UNANCHORED } from './cases/order.ts';
import { PASS_FORM } from './cases/pass.ts';
import { HEALTH_CARD_PAYLOAD, HEALTH_CARD_SUBJECT } from './cases/payload.ts';
import { QR, QR_CHUNKS } from './cases/qr.ts';
import { RULES_ASKED } from './cases/rules.ts';
import { STATUS_BITS, STATUS_NONE, STATUS_RIDS } from './cases/status.ts';
import { FRESHNESS, VALIDITY } from './cases/validity.ts';
import { VC_HEADER, VC_PAYLOAD, VC_SIGNATURE, VC_STATUS, VC_TRUST, VC_VALIDITY } from './cases/vc.ts';
import { VP_ENVELOPE } from './cases/vp-envelope.ts';
import { VP_CHALLENGE, VP_HOLDER, VP_INSIDE, VP_SHAPE, VP_TIME } from './cases/vp.ts';

/** Every table, in the verification order: the text, the header, the signature, the content, trust, and the rest. */
export const CASES = [
  ORDER,
  QR,
  QR_CHUNKS,
  CARD_FILE,
  TEXT_FILE,
  PICTURE,
  DEEP_LINK,
  JWS_SHAPE,
  JWS_ALGORITHM,
  JWS_HEADER,
  JWS_SIGNATURE,
  DEFLATE,
  JSON_STRICT,
  HEALTH_CARD_PAYLOAD,
  HEALTH_CARD_SUBJECT,
  PASS_FORM,
  VC_HEADER,
  VC_TRUST,
  VC_SIGNATURE,
  VC_PAYLOAD,
  VC_VALIDITY,
  VC_STATUS,
  LEGACY_VC,
  VP_SHAPE,
  VP_ENVELOPE,
  VP_CHALLENGE,
  VP_TIME,
  VP_HOLDER,
  VP_INSIDE,
  LEGACY_VP,
  ISSUER_TRUST,
  ISSUER_STATE,
  KEY,
  VALIDITY,
  STATUS_BITS,
  STATUS_RIDS,
  STATUS_NONE,
  RULES,
  RULES_ASKED,
  PRECEDENCE,
  FRESHNESS,
  UNANCHORED,
  NO_TRUST,
];
