using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Jaeger;

/// <summary>How Jaeger's gRPC services tell that a call is no tenant's.</summary>
internal static class JaegerTenancy
{
    /// <exception cref="GrpcRefusal">No tenant is said where one must be, or none that there is.</exception>
    public static string OfCall(TraceTenancy tenancy, HttpContext context) => tenancy.Of(context, out var refusal)
        ?? throw new GrpcRefusal(refusal == TraceTenancy.UnknownTenant ? GrpcCode.PermissionDenied : GrpcCode.Unauthenticated, refusal);
}
