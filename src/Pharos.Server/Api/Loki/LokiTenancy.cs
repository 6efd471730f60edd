using Microsoft.AspNetCore.Http;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki;

/// <summary>Whose logs a request is about.</summary>
internal static class LokiTenancy
{
    public const string Header = "X-Scope-OrgID";

    /// <summary>The longest name, and the characters beside letters and digits, that Loki takes.</summary>
    private const int MaxLength = 150;

    private const string Punctuation = "!-_.*'()";

    /// <summary>The one tenant of a request that writes.</summary>
    /// <exception cref="LokiRefusal">No tenant is said where one must be, or it is none.</exception>
    public static string One(HttpContext context, LokiConfig config)
    {
        var all = Some(context, config);
        return all.Count == 1 ? all[0] : throw LokiRefusal.BadRequest("multiple org IDs present");
    }

    /// <summary>The tenants of a request that reads, sorted, each once.</summary>
    public static IReadOnlyList<string> Some(HttpContext context, LokiConfig config)
    {
        if (!config.AuthEnabled)
        {
            return [LokiTenants.Single];
        }
        var header = context.Request.Headers[Header].ToString();
        if (header.Length == 0)
        {
            throw new LokiRefusal(StatusCodes.Status401Unauthorized, "no org id");
        }
        var names = config.MultiTenantQueries ? header.Split('|') : [header];
        foreach (var name in names)
        {
            Check(name);
        }
        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static void Check(string name)
    {
        if (name.Length is 0 or > MaxLength || name is "." or "..")
        {
            throw LokiRefusal.BadRequest(name.Length > MaxLength ? $"tenant ID is too long: max {MaxLength} characters" : "tenant ID is '.', '..' or empty");
        }
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !Punctuation.Contains(letter, StringComparison.Ordinal))
            {
                throw LokiRefusal.BadRequest($"tenant ID '{name}' contains unsupported character '{letter}'");
            }
        }
    }
}
