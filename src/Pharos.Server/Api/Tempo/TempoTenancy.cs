using Microsoft.AspNetCore.Http;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary>Whose traces a request asks for: where spans have tenants, Tempo's header says so, or the one that spans come in with.</summary>
internal static class TempoTenancy
{
    private const string Header = "X-Scope-OrgID";

    /// <exception cref="TempoRefusal">No tenant is said where one must be, or none that there is.</exception>
    public static string Of(HttpContext context, TraceTenancy tenancy)
    {
        var name = context.Request.Headers[Header].ToString();
        if (!tenancy.Enabled || name.Length == 0)
        {
            return tenancy.Of(context, out _) ?? throw new TempoRefusal(StatusCodes.Status401Unauthorized, "no org id");
        }
        return tenancy.Tenants.Count == 0 || tenancy.Tenants.Contains(name, StringComparer.Ordinal) ? name
            : throw new TempoRefusal(StatusCodes.Status401Unauthorized, TraceTenancy.UnknownTenant);
    }
}
