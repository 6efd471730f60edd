namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>What became of one push.</summary>
/// <param name="Stored">Entries that are stored.</param>
/// <param name="Refused">Entries that are not.</param>
/// <param name="Status">HTTP's: 204 where all is stored.</param>
/// <param name="Message">Of the refusals; empty where there is none.</param>
public sealed record LokiPushOutcome(int Stored, int Refused, int Status, string Message)
{
    public const int NoContent = 204;
}
