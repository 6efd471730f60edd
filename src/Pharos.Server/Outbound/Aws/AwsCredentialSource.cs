using System.Text.Json;

namespace Pharos.Server.Outbound.Aws;

/// <summary>Finds credentials where Amazon's own clients find them, in their order, and keeps them until shortly before they
/// expire: the configuration, the environment, a web identity, a profile, the container, the machine.</summary>
/// <remarks>Thread-safe: one search at a time, the others wait for it. Owns the client, which reaches the token services.</remarks>
internal sealed class AwsCredentialSource(AwsConfig config, HttpClient client, AwsSurroundings surroundings, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMinutes(5);

    /// <summary>Outside of Amazon's machines nobody answers there.</summary>
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _searching = new(1, 1);
    private readonly AwsTokenService _tokens = new(config, client, surroundings, time);
    private AwsCredentials? _current;
    private string _region = "";

    public async Task<AwsCredentials> GetAsync(CancellationToken cancellation)
    {
        var region = await RegionAsync(cancellation);
        await _searching.WaitAsync(cancellation);
        try
        {
            if (_current is null || _current.Expires - ExpiryMargin <= time.GetUtcNow())
            {
                var found = await FindAsync(region, cancellation);
                _current = config.RoleArn.Length == 0 ? found : await _tokens.AssumeRoleAsync(found, region, cancellation);
            }
            return _current;
        }
        finally
        {
            _searching.Release();
        }
    }

    /// <exception cref="HttpRequestException">Nobody names a region.</exception>
    public async Task<string> RegionAsync(CancellationToken cancellation)
    {
        if (_region.Length == 0)
        {
            _region = surroundings.Region(config);
        }
        if (_region.Length == 0)
        {
            _region = await MetadataAsync("latest/meta-data/placement/region", cancellation)
                ?? throw new HttpRequestException("no AWS region is configured, and the machine names none");
        }
        return _region;
    }

    public void Dispose()
    {
        client.Dispose();
        _searching.Dispose();
    }

    private async Task<AwsCredentials> FindAsync(string region, CancellationToken cancellation)
    {
        if (config.AccessKey is { } access && config.SecretKey is { } secret)
        {
            return new AwsCredentials(access.Reveal(), secret.Reveal());
        }
        if (config.Profile.Length == 0)
        {
            if (surroundings.Variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } key)
            {
                return new AwsCredentials(key, surroundings.Variable("AWS_SECRET_ACCESS_KEY"))
                {
                    SessionToken = surroundings.Variable("AWS_SESSION_TOKEN"),
                };
            }
            if (surroundings.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 } file)
            {
                return await _tokens.AssumeRoleWithWebIdentityAsync(file, region, cancellation);
            }
        }
        if (surroundings.FromProfile(config.Profile, "aws_access_key_id") is { Length: > 0 } stored)
        {
            return new AwsCredentials(stored, surroundings.FromProfile(config.Profile, "aws_secret_access_key"))
            {
                SessionToken = surroundings.FromProfile(config.Profile, "aws_session_token"),
            };
        }
        return await FromContainerAsync(cancellation) ?? await FromMachineAsync(cancellation)
            ?? throw new HttpRequestException("no AWS credentials: none are configured, and neither the environment, nor a profile, "
                + "nor the container, nor the machine has any");
    }

    private async Task<AwsCredentials?> FromContainerAsync(CancellationToken cancellation)
    {
        var url = surroundings.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (url.Length == 0 && surroundings.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { Length: > 0 } path)
        {
            url = $"http://169.254.170.2{path}";
        }
        if (url.Length == 0)
        {
            return null;
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var token = surroundings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { Length: > 0 } file
            ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : surroundings.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }
        using var response = await client.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        return Read(await response.Content.ReadAsStringAsync(cancellation));
    }

    private async Task<AwsCredentials?> FromMachineAsync(CancellationToken cancellation)
    {
        const string Path = "latest/meta-data/iam/security-credentials/";
        var role = (await MetadataAsync(Path, cancellation))?.Split('\n')[0].Trim();
        return string.IsNullOrEmpty(role) ? null
            : await MetadataAsync(Path + role, cancellation) is { } text ? Read(text) : null;
    }

    /// <summary>Asks the machine about itself, with a session token as version 2 of that service wants; null where nobody answers.</summary>
    private async Task<string?> MetadataAsync(string path, CancellationToken cancellation)
    {
        if (surroundings.Variable("AWS_EC2_METADATA_DISABLED") == "true")
        {
            return null;
        }
        var server = FirstOf(surroundings.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"), "http://169.254.169.254").TrimEnd('/');
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(MetadataTimeout);
        try
        {
            using var ask = new HttpRequestMessage(HttpMethod.Put, $"{server}/latest/api/token");
            ask.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "300");
            using var token = await client.SendAsync(ask, deadline.Token);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{server}/{path}");
            if (token.IsSuccessStatusCode)
            {
                request.Headers.Add("X-aws-ec2-metadata-token", await token.Content.ReadAsStringAsync(deadline.Token));
            }
            using var response = await client.SendAsync(request, deadline.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(deadline.Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Credentials as containers and machines answer them.</summary>
    private static AwsCredentials? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.TryGetProperty("AccessKeyId", out var key) && root.TryGetProperty("SecretAccessKey", out var secret)
            ? new AwsCredentials(key.GetString() ?? "", secret.GetString() ?? "")
            {
                SessionToken = root.TryGetProperty("Token", out var token) ? token.GetString() ?? "" : "",
                Expires = root.TryGetProperty("Expiration", out var expires) && expires.TryGetDateTimeOffset(out var end)
                    ? end : DateTimeOffset.MaxValue,
            }
            : null;
    }

    private static string FirstOf(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0)
            {
                return text;
            }
        }
        return "";
    }
}
