using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Pharos.Server.Hosting;

namespace Pharos.Server.Tests.Security;

/// <summary>The web configuration file over real connections.</summary>
public sealed class WebConfigTests
{
    private const string Tls = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n";

    // "fakepassword" and "secret" with a low cost.
    private static readonly string Secret = BCrypt.Net.BCrypt.HashPassword("secret", 4);
    private static readonly string Users = $"basic_auth_users:\n  alice: {Secret.Replace("$2a$", "$2y$", StringComparison.Ordinal)}\n";

    [Fact]
    public async Task Every_port_speaks_tls_and_http2_over_it()
    {
        await using var stage = await WebConfigStage.StartAsync(Tls);
        Assert.All(stage.Server.Server.Addresses, address => Assert.Equal("https", address.Scheme));
        Assert.Equal(2, stage.Server.Server.Addresses.Count);
        for (var address = 0; address < 2; address++)
        {
            using var response = await stage.GetAsync(version: HttpVersion.Version20, address: address);
            Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
        }
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            plain.GetAsync(new UriBuilder(stage.Server.Server.BaseAddress) { Scheme = "http" }.Uri));
    }

    [Fact]
    public async Task Http2_can_be_turned_off()
    {
        await using var stage = await WebConfigStage.StartAsync($"{Tls}http_server_config: {{http2: false}}\n");
        using var response = await stage.GetAsync(version: HttpVersion.Version20);
        Assert.Equal(HttpVersion.Version11, response.Version);
    }

    [Fact]
    public async Task More_requests_than_the_rate_allows_are_refused_until_the_file_says_otherwise()
    {
        await using var stage = await WebConfigStage.StartAsync("rate_limit: {interval: 1h, burst: 2}\n");
        var seen = new List<HttpStatusCode>();
        async Task AskAsync()
        {
            using var response = await stage.GetAsync();
            seen.Add(response.StatusCode);
        }
        await AskAsync();
        await AskAsync();
        await AskAsync();
        stage.Rewrite("rate_limit: {interval: 0s}\n");
        await AskAsync();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], seen);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart()
    {
        await using var stage = await WebConfigStage.StartAsync(Tls);
        var names = new List<string>();
        void See(X509Certificate2 certificate) => names.Add(certificate.Subject);
        using var first = await stage.GetAsync(seen: See);
        stage.RotateServerPair("renewed");
        File.SetLastWriteTimeUtc(Path.Combine(stage.Server.Folder, "server.key"), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2));
        using var second = await stage.GetAsync(seen: See);
        Assert.Equal(["CN=localhost", "CN=renewed"], names);
    }

    [Fact]
    public async Task Versions_of_tls_are_bounded()
    {
        await using var stage = await WebConfigStage.StartAsync(
            "tls_server_config: {cert_file: server.crt, key_file: server.key, min_version: TLS13}\n");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stage.GetAsync(protocols: SslProtocols.Tls12));
        using var response = await stage.GetAsync(protocols: SslProtocols.Tls13);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await using var old = await WebConfigStage.StartAsync(
            "tls_server_config: {cert_file: server.crt, key_file: server.key, max_version: TLS12, "
            + "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], curve_preferences: [CurveP256]}\n");
        using var twelve = await old.GetAsync(protocols: SslProtocols.Tls12);
        Assert.Equal(HttpStatusCode.OK, twelve.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => old.GetAsync(protocols: SslProtocols.Tls13));
    }

    [Theory]
    [InlineData("NoClientCert", true, true, true)]
    [InlineData("RequestClientCert", true, true, true)]
    [InlineData("RequireAnyClientCert", false, true, true)]
    [InlineData("RequireClientCert", false, true, true)]
    [InlineData("VerifyClientCertIfGiven", true, false, true)]
    [InlineData("RequireAndVerifyClientCert", false, false, true)]
    public async Task Clients_show_what_is_asked_of_them(string type, bool none, bool stranger, bool known)
    {
        var authority = type == "NoClientCert" ? "" : ", client_ca_file: clients.crt";
        await using var stage = await WebConfigStage.StartAsync(
            $"tls_server_config: {{cert_file: server.crt, key_file: server.key, client_auth_type: {type}{authority}}}\n");
        using var others = new TestAuthority("others");
        Assert.Equal(none, await IsLetInAsync(stage, null));
        Assert.Equal(stranger, await IsLetInAsync(stage, others.Issue("client")));
        Assert.Equal(known, await IsLetInAsync(stage, stage.Authority.Issue("client")));
    }

    [Fact]
    public async Task Only_the_names_that_are_allowed_are_let_in()
    {
        await using var stage = await WebConfigStage.StartAsync(
            "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert, "
            + "client_ca_file: clients.crt, client_allowed_sans: [good.test, 10.0.0.7]}\n");
        Assert.True(await IsLetInAsync(stage, stage.Authority.Issue("good.test")));
        Assert.True(await IsLetInAsync(stage, stage.Authority.Issue("other.test", IPAddress.Parse("10.0.0.7"))));
        Assert.False(await IsLetInAsync(stage, stage.Authority.Issue("other.test")));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("alice:wrong", 401)]
    [InlineData("bob:secret", 401)]
    [InlineData("alice:secret", 200)]
    public async Task A_user_needs_the_password_on_every_port(string? credentials, int status)
    {
        await using var stage = await WebConfigStage.StartAsync(Users);
        for (var round = 0; round < 2; round++)
        {
            using var response = await stage.GetAsync(credentials, address: round);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 401 ? "Basic" : "", response.Headers.WwwAuthenticate.ToString());
        }
        using var ui = await stage.GetAsync(credentials, path: "/api/v1/status/buildinfo");
        Assert.Equal(status, (int)ui.StatusCode);
    }

    [Fact]
    public async Task A_changed_file_is_followed_and_a_broken_one_closes_the_door()
    {
        await using var stage = await WebConfigStage.StartAsync(Users);
        stage.Rewrite("");
        using (var open = await stage.GetAsync())
        {
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
        stage.Rewrite("basic_auth_users: [");
        using (var broken = await stage.GetAsync("alice:secret"))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        }
        stage.Rewrite($"{Users}http_server_config:\n  headers: {{X-Frame-Options: deny, Strict-Transport-Security: max-age=9}}\n");
        using var restored = await stage.GetAsync("alice:secret");
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        Assert.Equal("deny", Assert.Single(restored.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("max-age=9", Assert.Single(restored.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal("nosniff", Assert.Single(restored.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_key_of_another_certificate_keeps_the_server_from_starting()
    {
        var folder = Hosting.RunningServer.NewFolder();
        using var authority = new TestAuthority();
        await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), authority.Issue("a").Certificate);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), authority.Issue("b").Key);
        await File.WriteAllTextAsync(Path.Combine(folder, "web.yml"), Tls);
        var e = await Assert.ThrowsAsync<ServerStartException>(() => Hosting.RunningServer.StartAsync(
            folder, options => options with { WebConfigFile = Path.Combine(folder, "web.yml") }));
        Assert.Contains("web.yml: tls_server_config: ", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> IsLetInAsync(WebConfigStage stage, (string, string)? client)
    {
        try
        {
            using var response = await stage.GetAsync(client: client);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
