using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Web;

namespace Pharos.Server.Tests.Configuration.Web;

public sealed class WebConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pharos-web-");

    public WebConfigFileTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.crt"), "");
        File.WriteAllText(Path.Combine(_folder.FullName, "a.key"), "");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("tls_server_config: {cert_file: a.crt}", 1, "tls_server_config", "missing one of key or key_file")]
    [InlineData("tls_server_config:\n  key_file: a.key", 2, "tls_server_config", "missing one of cert or cert_file")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: b.key}", 1, "tls_server_config.key_file", "no such file or directory")]
    [InlineData("tls_server_config: {cert_file: a.crt, cert: x, key_file: a.key}", 1, "tls_server_config.cert_file",
        "only one of cert or cert_file can be specified")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: a.key, client_auth_type: ClientCert}", 1,
        "tls_server_config.client_auth_type", "Invalid ClientAuth: ClientCert")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: a.key, client_ca_file: a.crt}", 1,
        "tls_server_config.client_ca_file", "Client CA's have been configured without a Client Auth Policy")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: a.key, min_version: TLS14}", 1,
        "tls_server_config.min_version", "unknown TLS version: TLS14")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: a.key, cipher_suites: [TLS_FOO]}", 1,
        "tls_server_config.cipher_suites[0]", "unknown cipher: TLS_FOO")]
    [InlineData("tls_server_config: {cert_file: a.crt, key_file: a.key, curve_preferences: [CurveP1]}", 1,
        "tls_server_config.curve_preferences[0]", "unknown curve: CurveP1")]
    [InlineData("http_server_config:\n  headers:\n    Server: x", 3, "http_server_config.headers.Server", "HTTP header \"Server\" can not be configured")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: allow}}", 1, "http_server_config.headers.X-Frame-Options",
        "invalid value for X-Frame-Options. Expected one of: [\"\" \"deny\" \"sameorigin\"], but got: \"allow\"")]
    [InlineData("basic_auth_users: {alice: secret}", 1, "basic_auth_users.alice", "not hashed with bcrypt")]
    [InlineData("basic_auth_user: {}", 1, "basic_auth_user", "did you mean \"basic_auth_users\"?")]
    public void What_is_wrong_is_named_with_its_line_and_key(string yaml, int line, string path, string message)
    {
        var result = WebConfigFile.ReadText(Path.Combine(_folder.FullName, "web.yml"), yaml);
        Assert.Null(result.Config);
        var problem = Assert.Single(result.Report.Problems, problem => problem.Severity == ConfigSeverity.Error);
        Assert.Equal((line, path), (problem.Line, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_accepted_and_not_honoured_is_said()
    {
        var result = WebConfigFile.ReadText(Path.Combine(_folder.FullName, "web.yml"),
            "tls_server_config: {cert_file: a.crt, key_file: a.key, curve_preferences: [X25519], prefer_server_cipher_suites: true, "
            + "cipher_suites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305]}");
        Assert.NotNull(result.Config?.Tls);
        Assert.Single(result.Config.Tls.CipherSuites);
        Assert.Equal(["tls_server_config.curve_preferences", "tls_server_config.prefer_server_cipher_suites"],
            result.Report.NotHonoured.Select(problem => problem.Path));
    }

    [Fact]
    public void An_empty_file_asks_for_nothing()
    {
        var config = WebConfigFile.ReadText("web.yml", "tls_server_config: {}\n").Config;
        Assert.NotNull(config);
        Assert.Null(config.Tls);
        Assert.True(config.Http2);
    }
}
