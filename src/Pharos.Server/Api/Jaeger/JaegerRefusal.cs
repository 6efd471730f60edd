using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Jaeger;

/// <summary>A request of Jaeger's API that cannot be answered, with the status that its clients expect.</summary>
internal sealed class JaegerRefusal(int status, string message) : Exception(message)
{
    public const string TraceNotFound = "trace not found";

    public int Status => status;

    public static JaegerRefusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static JaegerRefusal NotFound() => new(StatusCodes.Status404NotFound, TraceNotFound);
}
