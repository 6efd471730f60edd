namespace Pharos.Server.Configuration.Web;

/// <summary>What is asked of clients, by the names of Go's crypto/tls.</summary>
internal enum ClientAuthType
{
    NoClientCert,
    RequestClientCert,
    RequireAnyClientCert,
    VerifyClientCertIfGiven,
    RequireAndVerifyClientCert,
}
