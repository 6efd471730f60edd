namespace Pharos.Server.Api.Tempo;

/// <summary>A request that is refused: Tempo answers with the reason as plain text.</summary>
internal sealed class TempoRefusal(int status, string reason) : Exception(reason)
{
    public int Status => status;

    public static TempoRefusal BadRequest(string reason) => new(400, reason);
}
