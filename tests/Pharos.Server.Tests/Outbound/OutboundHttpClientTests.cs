using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Outbound;

public sealed class OutboundHttpClientTests
{
    [Fact]
    public async Task An_authority_of_the_users_own_is_trusted()
    {
        using var server = new TlsServer("target.test");
        var tls = new TlsConfig { Ca = Secret.Inline(server.AuthorityPem), ServerName = "target.test" };
        Assert.Equal("ok", await GetAsync(server, tls));
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused_unless_the_user_says_otherwise()
    {
        using var server = new TlsServer("target.test");
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new TlsConfig { ServerName = "target.test" }));
        Assert.Equal("ok", await GetAsync(server, new TlsConfig { InsecureSkipVerify = true }));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using var server = new TlsServer("target.test");
        var ca = Secret.Inline(server.AuthorityPem);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new TlsConfig { Ca = ca }));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, new TlsConfig { Ca = ca, ServerName = "other.test" }));
    }

    [Fact]
    public async Task A_client_certificate_is_presented()
    {
        using var server = new TlsServer("target.test", wantsClientCertificate: true);
        var tls = new TlsConfig
        {
            Ca = Secret.Inline(server.AuthorityPem),
            ServerName = "target.test",
            Cert = Secret.Inline(server.ClientCertificatePem),
            Key = Secret.Inline(server.ClientKeyPem),
        };
        Assert.Equal("ok", await GetAsync(server, tls));
        Assert.Equal("CN=client", server.SeenClient);
    }

    [Fact]
    public async Task A_missing_authority_file_fails_the_request_and_not_the_client()
    {
        using var server = new TlsServer("target.test");
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            GetAsync(server, new TlsConfig { Ca = Secret.FromFile("/nowhere/ca.crt") }));
    }

    private static async Task<string> GetAsync(TlsServer server, TlsConfig tls)
    {
        using var client = OutboundHttpClient.Create(new HttpClientConfig { Tls = tls });
        return await client.GetStringAsync(server.Url);
    }
}
