using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Prometheus;

/// <summary>One call of Prometheus' API with its parameters read.</summary>
internal sealed record ApiRequest(HttpContext Context, RequestValues Values)
{
    public ParameterReader Parameters { get; } = new(Values);

    public CancellationToken Cancellation => Context.RequestAborted;
}
