using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Pharos.Server.Outbound.Aws;

/// <summary>Amazon's Security Token Service: takes on roles.</summary>
internal sealed class AwsTokenService(AwsConfig config, HttpClient client, AwsSurroundings surroundings, TimeProvider time)
{
    private const string Version = "2011-06-15";
    private const string Form = "application/x-www-form-urlencoded";

    public Task<AwsCredentials> AssumeRoleAsync(AwsCredentials own, string region, CancellationToken cancellation)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("Action", "AssumeRole"), new("Version", Version), new("RoleArn", config.RoleArn), new("RoleSessionName", SessionName()),
        };
        if (config.ExternalId.Length > 0)
        {
            form.Add(new("ExternalId", config.ExternalId));
        }
        return AskAsync(form, own, region, cancellation);
    }

    /// <param name="file">Holds the token that Kubernetes gave; it is renewed now and then.</param>
    public async Task<AwsCredentials> AssumeRoleWithWebIdentityAsync(string file, string region, CancellationToken cancellation)
    {
        var name = surroundings.Variable("AWS_ROLE_SESSION_NAME");
        return await AskAsync(
            [
                new("Action", "AssumeRoleWithWebIdentity"), new("Version", Version), new("RoleArn", surroundings.Variable("AWS_ROLE_ARN")),
                new("RoleSessionName", name.Length > 0 ? name : SessionName()),
                new("WebIdentityToken", (await File.ReadAllTextAsync(file, cancellation)).Trim()),
            ],
            null, region, cancellation);
    }

    private async Task<AwsCredentials> AskAsync(
        List<KeyValuePair<string, string>> form, AwsCredentials? own, string region, CancellationToken cancellation)
    {
        var endpoint = surroundings.Variable("AWS_ENDPOINT_URL_STS");
        if (endpoint.Length == 0)
        {
            endpoint = AwsEndpoints.Of(config.UseFipsSts ? "sts-fips" : "sts", region);
        }
        using var encoded = new FormUrlEncodedContent(form);
        var body = await encoded.ReadAsByteArrayAsync(cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(Form);
        if (own is not null)
        {
            AwsSignature.Sign(request, body, own, region, "sts", time.GetUtcNow());
        }
        using var response = await client.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"AWS STS answers {(int)response.StatusCode}: {ErrorOf(text)}", null, response.StatusCode);
        }
        return Read(text);
    }

    private string SessionName() => time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static AwsCredentials Read(string xml)
    {
        var credentials = XElement.Parse(xml).Descendants().FirstOrDefault(element => element.Name.LocalName == "Credentials")
            ?? throw new HttpRequestException("AWS STS answers without credentials");
        return new AwsCredentials(Text(credentials, "AccessKeyId"), Text(credentials, "SecretAccessKey"))
        {
            SessionToken = Text(credentials, "SessionToken"),
            Expires = DateTimeOffset.TryParse(Text(credentials, "Expiration"), CultureInfo.InvariantCulture, out var end)
                ? end : DateTimeOffset.MaxValue,
        };
    }

    /// <summary>Code and message of an error, which hold no secret.</summary>
    private static string ErrorOf(string xml)
    {
        try
        {
            var all = XElement.Parse(xml).Descendants().ToList();
            return new StringBuilder()
                .Append(all.FirstOrDefault(element => element.Name.LocalName == "Code")?.Value).Append(": ")
                .Append(all.FirstOrDefault(element => element.Name.LocalName == "Message")?.Value).ToString();
        }
        catch (System.Xml.XmlException)
        {
            return "no explanation";
        }
    }

    private static string Text(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
}
