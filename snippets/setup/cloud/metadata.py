import ydb
import ydb.iam

credentials = ydb.iam.MetadataUrlCredentials("http://localhost:1/token")  # nothing listens there
try:
    credentials.get_auth_token()
except ydb.issues.ConnectionError as error:
    print(str(error).splitlines()[-1])
    #> Check that metadata service configured properly since we failed to fetch it from metadata_url.
