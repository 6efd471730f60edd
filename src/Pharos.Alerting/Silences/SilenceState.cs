namespace Pharos.Alerting.Silences;

public enum SilenceState
{
    Active,
    Pending,
    Expired,
}
