using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;

namespace Pharos.Alerting.Receivers.Email;

internal static class SmtpTls
{
    public static void Apply(EmailOptions options, SmtpClient client)
    {
        var tls = options.Tls;
        client.SslProtocols = tls.Protocols;
        if (tls.ClientCertificates is { Count: > 0 } certificates)
        {
            client.ClientCertificates = certificates;
        }
        if (tls.InsecureSkipVerify)
        {
#pragma warning disable CA5359 // The user asked for it: insecure_skip_verify.
            client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.Roots is { } roots)
        {
            client.ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsTrusted(certificate, chain, errors, roots);
        }
    }

    /// <summary>By the given authorities alone; a wrong name stays wrong.</summary>
    private static bool IsTrusted(
        X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            // What stands between the server's certificate and the authority is sent by the server.
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(static element => element.Certificate).ToArray());
        }
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
