using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Outbound;

public sealed class OAuth2TokenSourceTests
{
    private static readonly OAuth2Config Config = new()
    {
        ClientId = "id", ClientSecret = Secret.Inline("s"), TokenUrl = new Uri("http://auth/token"), EndpointParams = [new("resource", "r")],
    };

    [Fact]
    public async Task A_server_that_wants_the_secret_in_the_form_gets_it_there_from_then_on()
    {
        var server = new Answers(request => request.Headers.Authorization is null
            ? Token("t", expiresIn: 1) : new HttpResponseMessage(HttpStatusCode.Unauthorized));
        using var source = new OAuth2TokenSource(Config, new HttpClient(server), TimeProvider.System);
        Assert.Equal("t", await source.GetAsync(CancellationToken.None));
        Assert.Equal("t", await source.GetAsync(CancellationToken.None));
        Assert.Equal(
            [
                "grant_type=client_credentials&resource=r", "grant_type=client_credentials&resource=r&client_id=id&client_secret=s",
                "grant_type=client_credentials&resource=r&client_id=id&client_secret=s",
            ],
            server.Bodies);
    }

    [Fact]
    public async Task A_new_secret_in_the_file_fetches_a_new_token()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "one\n");
        var server = new Answers(_ => Token("t", expiresIn: 3600));
        using var source = new OAuth2TokenSource(Config with { ClientSecret = Secret.FromFile(file) }, new HttpClient(server), TimeProvider.System);
        await source.GetAsync(CancellationToken.None);
        await source.GetAsync(CancellationToken.None);
        Assert.Single(server.Asked);
        File.WriteAllText(file, "two\n");
        await source.GetAsync(CancellationToken.None);
        Assert.EndsWith($"Basic {Convert.ToBase64String("id:two"u8)}", server.Asked[1], StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task The_bearer_grant_signs_who_asks()
    {
        using var key = RSA.Create(2048);
        var server = new Answers(_ => Token("t", expiresIn: 60));
        var config = Config with
        {
            ClientSecret = null,
            Scopes = ["a", "b"],
            Assertion = new JwtAssertionConfig
            {
                Key = Secret.Inline(key.ExportPkcs8PrivateKeyPem()), KeyId = "k1", Algorithm = "RS512", Audience = "aud", Claims = [new("tenant", "7")],
            },
        };
        using var source = new OAuth2TokenSource(config, new HttpClient(server), TimeProvider.System);
        Assert.Equal("t", await source.GetAsync(CancellationToken.None));

        var form = HttpUtility.ParseQueryString(server.Bodies[0]);
        Assert.Equal(("urn:ietf:params:oauth:grant-type:jwt-bearer", "a b", "r"), (form["grant_type"], form["scope"], form["resource"]));
        var parts = form["assertion"]!.Split('.');
        Assert.Equal("""{"alg":"RS512","typ":"JWT","kid":"k1"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(("id", "id", "aud", "a b", 7), (claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString(),
            claims.GetProperty("aud").GetString(), claims.GetProperty("scope").GetString(), claims.GetProperty("tenant").GetInt32()));
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1));
    }

    private static HttpResponseMessage Token(string token, int expiresIn) => new()
    {
        Content = new StringContent($$"""{"access_token":"{{token}}","expires_in":{{expiresIn}}}"""),
    };
}
