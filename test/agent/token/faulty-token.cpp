// A PKCS #11 library in front of SoftHSM's that fails as it is told, as real tokens do and SoftHSM never does.
//
// FAULTY_TOKEN_LIBRARY is the library behind it. FAULTY_TOKEN is a file that is read at each call: lines of
// "function fault times", where the fault is a CKR_… number, or of the words below. Calls are written to FAULTY_TOKEN.calls,
// the number of open sessions to FAULTY_TOKEN.sessions.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#define CK_PTR *
#define CK_DEFINE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType(*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType(*name)
#define NULL_PTR 0
#include <pkcs11.h>

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST list;
static std::mutex lock;
static std::map<std::string, int> done;

/** What a call is told to do: empty, or the fault. */
static std::string faultOf(const char *function) {
  std::lock_guard<std::mutex> guard(lock);
  const std::string path = getenv("FAULTY_TOKEN");
  std::ofstream(path + ".calls", std::ios::app) << function << "\n";
  std::ifstream plan(path);
  for (std::string line; std::getline(plan, line);) {
    std::istringstream words(line);
    std::string name, fault;
    int times = 0;
    words >> name >> fault >> times;
    if (name == function && done[line] < times) {
      done[line]++;
      return fault;
    }
  }
  return "";
}

/** Writes down how many sessions are open. */
static void count(int more) {
  static int open = 0;
  std::lock_guard<std::mutex> guard(lock);
  open += more;
  std::ofstream(std::string(getenv("FAULTY_TOKEN")) + ".sessions") << open;
}

#define FAIL_AS_TOLD(function)                                                                                         \
  const std::string fault = faultOf(#function);                                                                        \
  if (fault.rfind("0x", 0) == 0) return strtoul(fault.c_str(), nullptr, 16);

static CK_RV login(CK_SESSION_HANDLE s, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  FAIL_AS_TOLD(C_Login)
  return real->C_Login(s, user, pin, length);
}

static CK_RV openSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR s) {
  FAIL_AS_TOLD(C_OpenSession)
  const CK_RV result = real->C_OpenSession(slot, flags, app, notify, s);
  if (result == CKR_OK) count(1);
  return result;
}

static CK_RV closeSession(CK_SESSION_HANDLE s) {
  const CK_RV result = real->C_CloseSession(s);
  if (result == CKR_OK) count(-1);
  return result;
}

static CK_RV tokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  FAIL_AS_TOLD(C_GetTokenInfo)
  const CK_RV result = real->C_GetTokenInfo(slot, info);
  if (fault == "pin-locked") info->flags |= CKF_USER_PIN_LOCKED;
  if (fault == "pin-to-be-changed") info->flags |= CKF_USER_PIN_TO_BE_CHANGED;
  if (fault == "no-pin") info->flags &= ~CKF_USER_PIN_INITIALIZED;
  return result;
}

static CK_RV generate(CK_SESSION_HANDLE s, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR open, CK_ULONG opens,
                      CK_ATTRIBUTE_PTR secret, CK_ULONG secrets, CK_OBJECT_HANDLE_PTR a, CK_OBJECT_HANDLE_PTR b) {
  FAIL_AS_TOLD(C_GenerateKeyPair)
  static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  std::vector<CK_ATTRIBUTE> made(secret, secret + secrets);
  for (CK_ATTRIBUTE &attribute : made) {
    if (fault == "extractable" && attribute.type == CKA_EXTRACTABLE) attribute.pValue = &yes;
    if (fault == "not-sensitive" && attribute.type == CKA_SENSITIVE) attribute.pValue = &no;
    if (fault == "public" && attribute.type == CKA_PRIVATE) attribute.pValue = &no;
  }
  return real->C_GenerateKeyPair(s, mechanism, open, opens, made.data(), secrets, a, b);
}

static CK_RV label(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, CK_ULONG count) {
  FAIL_AS_TOLD(C_SetAttributeValue)
  return real->C_SetAttributeValue(s, object, attributes, count);
}

static CK_RV destroy(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object) {
  FAIL_AS_TOLD(C_DestroyObject)
  return real->C_DestroyObject(s, object);
}

/** Keys are not shown until the library is started anew, as if the token had been pulled and plugged in. */
static bool hidden = false;

static CK_RV initialize(CK_VOID_PTR arguments) {
  FAIL_AS_TOLD(C_Initialize)
  hidden = false;
  return real->C_Initialize(arguments);
}

static CK_RV find(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most, CK_ULONG_PTR count) {
  FAIL_AS_TOLD(C_FindObjects)
  if (fault == "hidden") hidden = true;
  const CK_RV result = real->C_FindObjects(s, objects, most, count);
  if (hidden) *count = 0;
  return result;
}

static CK_RV signInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  FAIL_AS_TOLD(C_SignInit)
  return real->C_SignInit(s, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE s, CK_BYTE_PTR data, CK_ULONG count, CK_BYTE_PTR out, CK_ULONG_PTR length) {
  FAIL_AS_TOLD(C_Sign)
  const CK_RV result = real->C_Sign(s, data, count, out, length);
  if (result != CKR_OK || out == nullptr) return result;
  if (fault == "wrong") out[20] ^= 1;
  if (fault == "zeros") memset(out, 0, *length);
  if (fault == "longer") *length = 70;
  return result;
}

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  if (real == nullptr) {
    void *library = dlopen(getenv("FAULTY_TOKEN_LIBRARY"), RTLD_NOW);
    if (library == nullptr) return CKR_GENERAL_ERROR;
    ((CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList"))(&real);
    list = *real;
    list.C_GetFunctionList = C_GetFunctionList;
    list.C_Login = login;
    list.C_OpenSession = openSession;
    list.C_CloseSession = closeSession;
    list.C_GetTokenInfo = tokenInfo;
    list.C_GenerateKeyPair = generate;
    list.C_SetAttributeValue = label;
    list.C_DestroyObject = destroy;
    list.C_Initialize = initialize;
    list.C_FindObjects = find;
    list.C_SignInit = signInit;
    list.C_Sign = sign;
  }
  *out = &list;
  return CKR_OK;
}
