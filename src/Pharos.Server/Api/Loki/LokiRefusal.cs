namespace Pharos.Server.Api.Loki;

/// <summary>A request that is refused: Loki answers with the reason as plain text.</summary>
internal sealed class LokiRefusal(int status, string reason) : Exception(reason)
{
    public int Status => status;

    public static LokiRefusal BadRequest(string reason) => new(400, reason);
}
