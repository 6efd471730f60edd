using System.Net;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Outbound;

public sealed class AuthenticatingHandlerTests
{
    [Fact]
    public async Task Basic_auth_is_sent()
    {
        var config = new HttpClientConfig { BasicAuth = new BasicAuthConfig(Secret.Inline("u"), Secret.Inline("p")) };
        Assert.Equal(["GET http://h/ Basic dTpw"], await Ask(config));
    }

    [Fact]
    public async Task A_token_file_is_read_at_each_request()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "one\n");
            var config = new HttpClientConfig { Authorization = new AuthorizationConfig("Bearer", Secret.FromFile(file)) };
            var transport = new Answers(_ => new HttpResponseMessage());
            using var client = new HttpClient(new AuthenticatingHandler(config, null) { InnerHandler = transport });
            await client.GetAsync("http://h/");
            File.WriteAllText(file, "two\n");
            await client.GetAsync("http://h/");
            Assert.Equal(["GET http://h/ Bearer one", "GET http://h/ Bearer two"], transport.Asked);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Configured_headers_are_sent()
    {
        var config = new HttpClientConfig { Headers = [new("X-Scope-OrgID", Secret.Inline("a")), new("X-Scope-OrgID", Secret.Inline("b"))] };
        var transport = new Answers(request =>
        {
            Assert.Equal(["a", "b"], request.Headers.GetValues("X-Scope-OrgID"));
            return new HttpResponseMessage();
        });
        using var client = new HttpClient(new AuthenticatingHandler(config, null) { InnerHandler = transport });
        await client.GetAsync("http://h/");
        Assert.Single(transport.Asked);
    }

    [Fact]
    public async Task An_OAuth2_token_is_fetched_once_and_again_when_it_expires()
    {
        var time = new ManualTime();
        var fetched = 0;
        var tokens = new Answers(_ => new HttpResponseMessage
        {
            Content = new StringContent($$"""{"access_token": "t{{++fetched}}", "expires_in": 60}"""),
        });
        var oauth2 = new OAuth2Config
        {
            ClientId = "id", ClientSecret = Secret.Inline("s"), TokenUrl = new Uri("http://auth/token"), Scopes = ["a", "b"],
        };
        using var source = new OAuth2TokenSource(oauth2, new HttpClient(tokens), time);
        var transport = new Answers(_ => new HttpResponseMessage());
        using var client = new HttpClient(new AuthenticatingHandler(new HttpClientConfig { OAuth2 = oauth2 }, source) { InnerHandler = transport });
        await client.GetAsync("http://h/");
        await client.GetAsync("http://h/");
        time.Now += TimeSpan.FromSeconds(51);
        await client.GetAsync("http://h/");
        Assert.Equal(["GET http://h/ Bearer t1", "GET http://h/ Bearer t1", "GET http://h/ Bearer t2"], transport.Asked);
        Assert.Equal("grant_type=client_credentials&scope=a+b", tokens.Bodies[0]);
        Assert.Equal("POST http://auth/token Basic aWQ6cw==", tokens.Asked[0]);
    }

    [Theory]
    [InlineData("http://h/next", HttpStatusCode.Found, "GET http://h/next Basic dTpw")]
    [InlineData("http://other/next", HttpStatusCode.Found, "GET http://other/next")]
    [InlineData("http://h/next", HttpStatusCode.TemporaryRedirect, "POST http://h/next Basic dTpw")]
    public async Task A_redirect_keeps_credentials_with_the_host_that_the_user_named(string target, HttpStatusCode status, string expected)
    {
        var config = new HttpClientConfig { BasicAuth = new BasicAuthConfig(Secret.Inline("u"), Secret.Inline("p")) };
        var transport = new Answers(request => request.RequestUri!.AbsolutePath == "/next" ? new HttpResponseMessage()
            : new HttpResponseMessage(status) { Headers = { Location = new Uri(target) } });
        using var client = new HttpClient(new RedirectHandler
        {
            InnerHandler = new AuthenticatingHandler(config, null) { InnerHandler = transport },
        });
        await client.PostAsync("http://h/", new StringContent("x"));
        Assert.Equal(expected, transport.Asked[^1]);
    }

    [Fact]
    public async Task Redirects_without_end_stop()
    {
        var transport = new Answers(_ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://h/") } });
        using var client = new HttpClient(new RedirectHandler { InnerHandler = transport });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://h/"));
        Assert.Equal(11, transport.Asked.Count);
    }

    private static async Task<List<string>> Ask(HttpClientConfig config)
    {
        var transport = new Answers(_ => new HttpResponseMessage());
        using var client = new HttpClient(new AuthenticatingHandler(config, null) { InnerHandler = transport });
        await client.GetAsync("http://h/");
        return transport.Asked;
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
