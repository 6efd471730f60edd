using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>Turns a <see cref="TlsConfig"/> into what a handshake asks for; files are read anew at each handshake, so a
/// rotated certificate needs no restart.</summary>
internal static class TlsHandshake
{
    public static SslClientAuthenticationOptions Options(TlsConfig config)
    {
        var options = new SslClientAuthenticationOptions { EnabledSslProtocols = config.Protocols };
        if (config.InsecureSkipVerify)
        {
            // The user asked for it by name.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (config.Ca is not null || config.ServerName.Length > 0)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsTrusted(config, certificate, chain, errors);
        }
        if (config.Cert is { } cert && config.Key is { } key)
        {
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) =>
                X509Certificate2.CreateFromPem(cert.Reveal(), key.Reveal());
        }
        return options;
    }

    public static X509Certificate2Collection ReadCertificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    public static X509Certificate2Collection ReadKeyPair(Secret certificate, Secret key) =>
        [X509Certificate2.CreateFromPem(certificate.Reveal(), key.Reveal())];

    private static bool IsTrusted(
        TlsConfig config, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return false;
        }
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        // The transport compares with the URL's host whatever TargetHost says, so another name is compared here.
        var nameFits = config.ServerName.Length > 0 ? leaf.MatchesHostname(config.ServerName, allowCommonName: false)
            : !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (!nameFits)
        {
            return false;
        }
        return config.Ca is { } ca ? IsIssuedBy(ReadCertificates(ca.Reveal()), leaf, presented)
            : !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
    }

    private static bool IsIssuedBy(X509Certificate2Collection roots, X509Certificate2 leaf, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            var intermediates = presented.ChainElements.Select(element => element.Certificate).ToArray();
            chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        }
        return chain.Build(leaf);
    }
}
