namespace Pharos.Storage.Wal;

/// <summary>When the log is forced to the disk. With every choice all that was committed survives the end of the process,
/// SIGKILL included; the choice is what a power cut or a crash of the operating system may take.</summary>
public enum FsyncPolicy
{
    /// <summary>At a fixed interval: at most the last interval is lost. The default.</summary>
    Interval,

    /// <summary>Before each commit returns: nothing committed is lost.</summary>
    EachCommit,

    /// <summary>When the operating system sees fit (about 30 s on Linux), and when a segment is full.</summary>
    None,
}
