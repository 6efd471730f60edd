using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MimeKit;

namespace Pharos.Conformance.Tests.Peers.Mail;

/// <summary>A real mail server, aiosmtpd, that wants TLS and credentials: one port for each way to give them.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "alerts@example.org";
    public const string Password = "m4il-p4ssw0rd-x";

    private const string Python = "/usr/bin/python3";
    private const string Package = "/usr/lib/python3/dist-packages/aiosmtpd/__init__.py";

    private readonly PeerProcess _process;
    private readonly Dictionary<string, int> _ports;

    private MailServer(PeerProcess process, Dictionary<string, int> ports, string certificate)
    {
        _process = process;
        _ports = ports;
        Certificate = certificate;
    }

    /// <summary>The file of the certificate to trust.</summary>
    public string Certificate { get; }

    /// <summary>Every mail so far, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails =>
        [.. _process.Lines.Where(static line => line.StartsWith('{')).Select(static line => JsonSerializer.Deserialize<ReceivedMail>(line)!)];

    /// <summary>plain, login, cram-md5: after STARTTLS; implicit: PLAIN after TLS from the first byte.</summary>
    public int PortOf(string server) => _ports[server];

    public static async Task<MailServer> StartAsync(string folder)
    {
        PeerProcess.Need(Python, Package);
        var (certificate, key) = (Path.Combine(folder, "mail.crt"), Path.Combine(folder, "mail.key"));
        await WriteCertificateAsync(certificate, key);
        var servers = new[]
        {
            (Name: "plain", Tls: "starttls", Mechanism: "PLAIN"), (Name: "login", Tls: "starttls", Mechanism: "LOGIN"),
            (Name: "cram-md5", Tls: "starttls", Mechanism: "CRAM-MD5"), (Name: "implicit", Tls: "implicit", Mechanism: "PLAIN"),
        };
        var ports = servers.ToDictionary(static server => server.Name, static _ => PeerProcess.FreePort(), StringComparer.Ordinal);
        var settings = JsonSerializer.Serialize(new
        {
            certificate,
            key,
            user = User,
            password = Password,
            servers = servers.Select(server => new { name = server.Name, port = ports[server.Name], tls = server.Tls, mechanism = server.Mechanism }),
        });
        var process = await PeerProcess.StartAsync(Python, "ready", Path.Combine(AppContext.BaseDirectory, "mail_server.py"), settings);
        return new MailServer(process, ports, certificate);
    }

    /// <summary>The mails that fit, once there are as many as wanted.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> WaitAsync(int wanted, Func<ReceivedMail, bool> fits)
    {
        IReadOnlyList<ReceivedMail> mails = [];
        for (var attempt = 0; attempt < 800 && mails.Count < wanted; attempt++)
        {
            mails = [.. Mails.Where(fits)];
            await Task.Delay(25);
        }
        Assert.True(mails.Count == wanted, $"{mails.Count} mails and not {wanted}:\n{string.Join('\n', _process.Lines)}");
        return mails;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task WriteCertificateAsync(string certificate, string key)
    {
        using var keys = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", keys, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
        await File.WriteAllTextAsync(key, keys.ExportPkcs8PrivateKeyPem());
    }
}
