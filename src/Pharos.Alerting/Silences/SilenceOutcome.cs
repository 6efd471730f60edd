namespace Pharos.Alerting.Silences;

public enum SilenceOutcome
{
    Accepted,

    /// <summary>The request is wrong: the API answers 400.</summary>
    Invalid,

    /// <summary>No silence has this id: the API answers 404.</summary>
    NotFound,

    /// <summary>The change could not be made durable, so it was not made: the API answers 500.</summary>
    StorageFailed,
}
