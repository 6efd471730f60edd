using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pharos.Server.Configuration.Web;

namespace Pharos.Server.Security;

/// <summary>Judges the certificates that clients show.</summary>
internal sealed class ClientCertificateCheck
{
    /// <summary>Extended key usage: client authentication (RFC 5280, 4.2.1.12).</summary>
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly WebTlsConfig _tls;
    private readonly X509Certificate2Collection _authorities = [];

    public ClientCertificateCheck(WebTlsConfig tls)
    {
        _tls = tls;
        if (tls.ClientCa is { } pem)
        {
            _authorities.ImportFromPem(pem.Reveal());
        }
    }

    public bool IsWelcome(X509Certificate? shown, X509Chain? presented)
    {
        if (shown is null)
        {
            return _tls.ClientAuth is ClientAuthType.RequestClientCert or ClientAuthType.VerifyClientCertIfGiven;
        }
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        var verify = _tls.ClientAuth is ClientAuthType.VerifyClientCertIfGiven or ClientAuthType.RequireAndVerifyClientCert;
        return (!verify || IsSigned(certificate, presented)) && HasAllowedName(certificate);
    }

    private bool IsSigned(X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ForClients);
        if (_authorities.Count > 0)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        }
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(element => element.Certificate).ToArray());
        }
        return chain.Build(certificate);
    }

    private bool HasAllowedName(X509Certificate2 certificate) => _tls.ClientAllowedSans.Count == 0
        || SubjectAlternativeNames.Of(certificate).Any(name => _tls.ClientAllowedSans.Contains(name, StringComparer.Ordinal));
}
