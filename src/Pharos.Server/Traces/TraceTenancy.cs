using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Traces;

/// <summary>Whose spans a request brings or asks for, by Jaeger's rules: a header, and where there is a list, only its tenants.</summary>
public sealed record TraceTenancy
{
    /// <summary>Where this is off, everything is one tenant's.</summary>
    public static readonly TraceTenancy Off = new();

    /// <summary>Why a request of somebody who is not on the list is refused.</summary>
    internal const string UnknownTenant = "unknown tenant";

    public bool Enabled { get; init; }

    public string Header { get; init; } = "x-tenant";

    /// <summary>Empty for any.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>The tenant of a request.</summary>
    /// <param name="refusal">Why there is none; empty where there is.</param>
    /// <returns>Null where the request is to be refused.</returns>
    internal string? Of(HttpContext context, out string refusal)
    {
        refusal = "";
        if (!Enabled)
        {
            return "";
        }
        var given = context.Request.Headers[Header];
        if (given.Count != 1 || string.IsNullOrEmpty(given[0]))
        {
            refusal = given.Count > 1 ? "extra tenant header" : "missing tenant header";
            return null;
        }
        if (Tenants.Count > 0 && !Tenants.Contains(given[0]!, StringComparer.Ordinal))
        {
            refusal = UnknownTenant;
            return null;
        }
        return given[0];
    }
}
