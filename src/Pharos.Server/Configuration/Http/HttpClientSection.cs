using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Http;

/// <summary>Reads the keys of <c>http_config</c>, which stand in a mapping of their own (Alertmanager) or among a section's
/// other keys (Prometheus). The messages are those of Prometheus' common library.</summary>
internal static class HttpClientSection
{
    // github.com/prometheus/common/config, reservedHeaders.
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Content-Encoding", "Content-Length", "Content-Type", "User-Agent", "Connection",
        "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Www-Authenticate", "Accept-Encoding",
        "X-Prometheus-Remote-Write-Version", "X-Prometheus-Remote-Read-Version", "X-Prometheus-Scrape-Timeout-Seconds",
        "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
    };

    /// <summary>A section that is a mapping of its own: all its keys are these.</summary>
    public static HttpClientConfig Read(YamlValue section)
    {
        if (section.AsMapping() is not { } map)
        {
            return HttpClientConfig.Default;
        }
        var config = ReadKeys(map);
        map.Done();
        return config;
    }

    /// <summary>The keys among a section's own; the caller still calls <see cref="YamlMappingReader.Done"/>.</summary>
    public static HttpClientConfig ReadKeys(YamlMappingReader map)
    {
        var bearer = ReadBearer(map);
        var authorization = map.Mapping("authorization") is { } section ? ReadAuthorization(section, map) : null;
        var config = new HttpClientConfig
        {
            BasicAuth = map.Mapping("basic_auth") is { } basic ? ReadBasicAuth(basic) : null,
            Authorization = authorization ?? bearer,
            OAuth2 = map.Mapping("oauth2") is { } oauth2 ? ReadOAuth2(oauth2) : null,
            Tls = map.Mapping("tls_config") is { } tls ? TlsSection.Read(tls) : TlsConfig.Default,
            Proxy = ProxySection.ReadKeys(map),
            FollowRedirects = map.Flag("follow_redirects", true),
            EnableHttp2 = map.Flag("enable_http2", true),
            Headers = ReadHeaders(map),
        };
        CheckExclusive(map);
        return config;
    }

    private static void CheckExclusive(YamlMappingReader map)
    {
        var basic = map.Has("basic_auth");
        var oauth2 = map.Has("oauth2");
        var bearer = map.Text("bearer_token").Length > 0 || map.Text("bearer_token_file").Length > 0;
        if (bearer && (basic || oauth2))
        {
            map.ErrorAt(basic ? "basic_auth" : "oauth2",
                "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        }
        if (map.Has("authorization"))
        {
            if (bearer)
            {
                map.ErrorAt("authorization", "authorization is not compatible with bearer_token & bearer_token_file");
            }
            if (basic || oauth2)
            {
                map.ErrorAt("authorization", "at most one of basic_auth, oauth2 & authorization must be configured");
            }
        }
        else if (basic && oauth2)
        {
            map.ErrorAt("oauth2", "at most one of basic_auth, oauth2 & authorization must be configured");
        }
    }

    private static AuthorizationConfig? ReadBearer(YamlMappingReader map) =>
        map.SecretOrFile("bearer_token", "bearer_token_file") is { } token ? new AuthorizationConfig("Bearer", token) : null;

    private static AuthorizationConfig ReadAuthorization(YamlMappingReader section, YamlMappingReader owner)
    {
        var type = section.Text("type", "Bearer").Trim();
        if (string.Equals(type, "basic", StringComparison.OrdinalIgnoreCase))
        {
            owner.ErrorAt("authorization", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }
        var credentials = ReadPair(section, "authorization", "credentials", "credentials_file", "credentials_ref");
        section.Done();
        return new AuthorizationConfig(type.Length == 0 ? "Bearer" : type, credentials);
    }

    private static BasicAuthConfig ReadBasicAuth(YamlMappingReader section)
    {
        // A user name is no secret, yet it is read at each use like one.
        var username = ReadPair(section, "basic_auth", "username", "username_file", "username_ref", secret: false);
        var password = ReadPair(section, "basic_auth", "password", "password_file", "password_ref");
        section.Done();
        return new BasicAuthConfig(username, password);
    }

    /// <summary>Reads a secret that stands inline, in a file, or (not here) in a secret store.</summary>
    internal static Secret? ReadPair(
        YamlMappingReader section, string owner, string key, string fileKey, string refKey, bool secret = true)
    {
        var inline = section.Find(key, secret)?.AsText() is { Length: > 0 } text ? Secret.Inline(text) : null;
        var file = section.Text(fileKey);
        section.NotHonoured(refKey, "there is no secret store to take it from");
        if (inline is not null && file.Length > 0)
        {
            section.ErrorAt(fileKey, $"at most one of {owner} {key} & {fileKey} must be configured");
        }
        return inline ?? (file.Length > 0 ? Secret.FromFile(section.Reading.Resolve(file)) : null);
    }

    private static OAuth2Config? ReadOAuth2(YamlMappingReader section)
    {
        var clientId = section.Text("client_id");
        var secret = ReadPair(section, "oauth2", "client_secret", "client_secret_file", "client_secret_ref");
        var tokenUrl = section.Text("token_url");
        if (clientId.Length == 0)
        {
            section.Owner.Error("oauth2 client_id must be configured");
        }
        if (tokenUrl.Length == 0)
        {
            section.Owner.Error("oauth2 token_url must be configured");
        }
        var config = new OAuth2Config
        {
            ClientId = clientId,
            ClientSecret = secret,
            Assertion = JwtSection.Read(section),
            TokenUrl = Uri.TryCreate(tokenUrl, UriKind.Absolute, out var url) ? url : new Uri("http://invalid/"),
            Scopes = section.Texts("scopes"),
            EndpointParams = [.. section.Entries("endpoint_params").Select(e => new KeyValuePair<string, string>(e.Key, e.Value.AsText() ?? ""))],
            Tls = section.Mapping("tls_config") is { } tls ? TlsSection.Read(tls) : TlsConfig.Default,
            Proxy = ProxySection.ReadKeys(section),
        };
        if (url is null && tokenUrl.Length > 0)
        {
            // The peers load it, and then every request fails.
            section.KeyOf("token_url")!.Warning("the token_url is not an absolute URL; no token can be had from it");
        }
        section.Done();
        return config;
    }

    private static List<KeyValuePair<string, Secret>> ReadHeaders(YamlMappingReader map)
    {
        var headers = new List<KeyValuePair<string, Secret>>();
        foreach (var (name, value) in map.Entries("http_headers"))
        {
            if (ReservedHeaders.Contains(name))
            {
                value.Error($"setting header {GoQuote.Quote(name)} is not allowed");
            }
            if (value.IsNull || value.AsMapping() is not { } kinds)
            {
                continue;
            }
            var inline = kinds.Texts("values").Concat(
                kinds.List("secrets", secret: true).Select(item => item.AsText()).OfType<string>()).Select(Secret.Inline);
            var files = kinds.Texts("files").Select(file => Secret.FromFile(map.Reading.Resolve(file)));
            headers.AddRange(inline.Concat(files).Select(secret => new KeyValuePair<string, Secret>(name, secret)));
            kinds.Done();
        }
        return headers;
    }
}
