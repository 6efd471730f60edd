namespace Pharos.Collection.Shipping.Targets;

/// <summary>Makes the source of each kind of options.</summary>
internal static class Sources
{
    public static ISource Create(SourceOptions options, string? cursor, ShipContext context) => options switch
    {
        SyslogSourceOptions syslog => new SyslogSource(syslog, context.Time, context.Logger),
        GelfSourceOptions gelf => new GelfSource(gelf, context.Time),
        JournalSourceOptions journal => new JournalSource(journal, cursor, context.Time),
        PushSourceOptions push => new PushSource(push, context.PushHost, context.Time),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
