using System.Net;
using Pharos.Server.Outbound.Aws;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Outbound.Aws;

/// <summary>Where credentials come from, in the order of Amazon's own clients.</summary>
public sealed class AwsCredentialSourceTests
{
    private static readonly AwsConfig Bare = new() { Service = "aps", Region = "eu-west-2" };

    [Fact]
    public async Task Keys_of_the_configuration_win()
    {
        var config = Bare with { AccessKey = Secret.Inline("a"), SecretKey = Secret.Inline("s") };
        Assert.Equal("a", (await FindAsync(config, new Answers(_ => throw new HttpRequestException()), ("AWS_ACCESS_KEY_ID", "env"))).AccessKey);
    }

    [Fact]
    public async Task The_environment_comes_next()
    {
        var found = await FindAsync(Bare, new Answers(_ => throw new HttpRequestException()),
            ("AWS_ACCESS_KEY_ID", "e"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t"));
        Assert.Equal(("e", "s", "t"), (found.AccessKey, found.SecretKey, found.SessionToken));
    }

    [Fact]
    public async Task A_profile_is_found_in_the_shared_file()
    {
        var home = Directory.CreateTempSubdirectory().FullName;
        Directory.CreateDirectory(Path.Combine(home, ".aws"));
        File.WriteAllText(Path.Combine(home, ".aws", "credentials"),
            "[default]\naws_access_key_id = d\n[work]\naws_access_key_id=w\naws_secret_access_key = ws\n");
        File.WriteAllText(Path.Combine(home, ".aws", "config"), "[profile work]\nregion = us-west-1\n");
        var config = Bare with { Profile = "work", Region = "" };
        using var source = Source(config, new Answers(_ => throw new HttpRequestException()), ("HOME", home), ("AWS_ACCESS_KEY_ID", "env"));
        Assert.Equal("us-west-1", await source.RegionAsync(CancellationToken.None));
        Assert.Equal(("w", "ws"), await KeysAsync(source));
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_role_is_taken_on_with_signed_words()
    {
        var authorization = "";
        var service = new Answers(request => Ok((authorization = request.Headers.GetValues("Authorization").Single()).Length == 0 ? "" : """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
              <AccessKeyId>r</AccessKeyId><SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>
            </Credentials></AssumeRoleResult></AssumeRoleResponse>
            """));
        var config = Bare with { RoleArn = "arn:aws:iam::1:role/r", ExternalId = "x" };
        var found = await FindAsync(config, service, ("AWS_ACCESS_KEY_ID", "e"), ("AWS_SECRET_ACCESS_KEY", "s"));
        Assert.Equal(("r", "rs", "rt"), (found.AccessKey, found.SecretKey, found.SessionToken));
        Assert.Equal("POST https://sts.eu-west-2.amazonaws.com/", Assert.Single(service.Asked));
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=e/", authorization, StringComparison.Ordinal);
        Assert.Contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr", service.Bodies[0], StringComparison.Ordinal);
        Assert.Contains("ExternalId=x", service.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_identity_is_exchanged()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "jwt\n");
        var service = new Answers(_ => Ok("<R><Credentials><AccessKeyId>w</AccessKeyId><SecretAccessKey>ws</SecretAccessKey></Credentials></R>"));
        var found = await FindAsync(Bare, service, ("AWS_WEB_IDENTITY_TOKEN_FILE", file), ("AWS_ROLE_ARN", "arn:r"), ("AWS_ENDPOINT_URL_STS", "http://sts/"));
        Assert.Equal("w", found.AccessKey);
        Assert.Equal("POST http://sts/", Assert.Single(service.Asked));
        Assert.Contains("WebIdentityToken=jwt", service.Bodies[0], StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task The_machine_is_asked_last_and_names_the_region_too()
    {
        var machine = new Answers(request => request.RequestUri!.AbsolutePath switch
        {
            "/latest/api/token" => Ok("session"),
            "/latest/meta-data/placement/region" => Ok("eu-central-1"),
            "/latest/meta-data/iam/security-credentials/" => Ok("role\n"),
            "/latest/meta-data/iam/security-credentials/role" => Ok(
                """{"AccessKeyId":"m","SecretAccessKey":"ms","Token":"mt","Expiration":"2100-01-01T00:00:00Z"}"""),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        });
        using var source = Source(Bare with { Region = "" }, machine, ("HOME", "/nowhere"));
        Assert.Equal("eu-central-1", await source.RegionAsync(CancellationToken.None));
        Assert.Equal(("m", "ms"), await KeysAsync(source));
        await source.GetAsync(CancellationToken.None);
        Assert.Equal(6, machine.Asked.Count);
    }

    [Fact]
    public async Task Nobody_with_credentials_is_an_error_that_says_so()
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(
            () => FindAsync(Bare, new Answers(_ => new HttpResponseMessage(HttpStatusCode.NotFound)), ("HOME", "/nowhere")));
        Assert.Contains("no AWS credentials", error.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Ok(string text) => new() { Content = new StringContent(text) };

    private static async Task<AwsCredentials> FindAsync(AwsConfig config, Answers answers, params (string, string)[] variables)
    {
        using var source = Source(config, answers, variables);
        return await source.GetAsync(CancellationToken.None);
    }

    private static async Task<(string, string)> KeysAsync(AwsCredentialSource source)
    {
        var found = await source.GetAsync(CancellationToken.None);
        return (found.AccessKey, found.SecretKey);
    }

    private static AwsCredentialSource Source(AwsConfig config, Answers answers, params (string Name, string Value)[] variables) => new(
        config, new HttpClient(answers),
        new AwsSurroundings(name => variables.FirstOrDefault(variable => variable.Name == name).Value), TimeProvider.System);
}
