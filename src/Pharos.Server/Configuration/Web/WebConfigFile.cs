using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Web;

/// <summary>Reads the file of <c>--web.config.file</c>, in the format of Prometheus' exporter-toolkit; never throws.</summary>
internal static class WebConfigFile
{
    /// <summary>The headers that may be set, and the values of those that have few.</summary>
    private static readonly Dictionary<string, string[]> AllowedHeaders = new(StringComparer.Ordinal)
    {
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["", "nosniff"],
        ["X-Frame-Options"] = ["", "deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
        ["Content-Security-Policy"] = [],
    };

    public static WebConfigReadResult Read(string path) => ConfigText.TryRead(path, out var text, out var error)
        ? ReadText(path, text)
        : new WebConfigReadResult(null, new ConfigFileReport { File = path, Kind = ConfigFileKind.Web, Unreadable = error });

    public static WebConfigReadResult ReadText(string path, string text)
    {
        var reading = new ConfigReading(path, text);
        var root = YamlTreeBuilder.Build(reading);
        var config = new WebConfig();
        if (root is not (null or YamlScalar { IsNull: true }) && YamlValue.Root(reading, root).AsMapping() is { } file)
        {
            config = new WebConfig
            {
                Tls = file.Mapping("tls_server_config") is { } tls ? WebTlsSection.Read(tls) : null,
                Users = ReadUsers(file),
            };
            if (file.Mapping("http_server_config") is { } http)
            {
                config = config with { Http2 = http.Flag("http2", true), Headers = ReadHeaders(http) };
                http.Done();
            }
            if (file.Mapping("rate_limit") is { } limit)
            {
                config = config with { RateLimit = ReadRateLimit(limit) };
            }
            file.Done();
        }
        return new WebConfigReadResult(reading.HasErrors ? null : config, ConfigFileReport.Of(reading, ConfigFileKind.Web));
    }

    private static WebRateLimit? ReadRateLimit(YamlMappingReader section)
    {
        var interval = section.Duration("interval");
        var burst = section.Count("burst", WebRateLimit.DefaultBurst);
        section.Done();
        return interval > TimeSpan.Zero ? new WebRateLimit(interval, burst) : null;
    }

    private static Dictionary<string, string> ReadUsers(YamlMappingReader file)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in file.Entries("basic_auth_users", secret: true))
        {
            if (value.AsText() is not { } hash)
            {
                continue;
            }
            if (IsBcrypt(hash))
            {
                users[name] = hash;
            }
            else
            {
                value.Error("the password is not hashed with bcrypt: a hash is 60 characters and begins with $2a$, $2b$ or $2y$");
            }
        }
        return users;
    }

    /// <summary><c>$2y$10$</c> and 53 characters of bcrypt's own base 64.</summary>
    private static bool IsBcrypt(string hash) => hash.Length == 60
        && hash.StartsWith("$2", StringComparison.Ordinal) && hash[2] is 'a' or 'b' or 'y' && hash[3] == '$' && hash[6] == '$'
        && int.TryParse(hash.AsSpan(4, 2), out var cost) && cost is >= 4 and <= 31
        && !hash.AsSpan(7).ContainsAnyExcept("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static Dictionary<string, string> ReadHeaders(YamlMappingReader http)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in http.Entries("headers"))
        {
            if (value.AsText() is not { } text)
            {
                continue;
            }
            if (!AllowedHeaders.TryGetValue(name, out var values))
            {
                value.Error($"HTTP header {YamlValue.Echo(name)} can not be configured");
            }
            else if (values.Length > 0 && !values.Contains(text, StringComparer.Ordinal))
            {
                value.Error($"invalid value for {name}. Expected one of: [{string.Join(' ', values.Select(YamlValue.Echo))}], "
                    + $"but got: {YamlValue.Echo(text)}");
            }
            else if (text.Length > 0)
            {
                headers[name] = text;
            }
        }
        return headers;
    }
}
