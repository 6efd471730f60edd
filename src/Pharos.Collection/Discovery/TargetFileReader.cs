namespace Pharos.Collection.Discovery;

/// <summary>Reads the target groups of one file. Does not throw: what is wrong with the file is in the result.</summary>
public delegate TargetFileResult TargetFileReader(string path);
