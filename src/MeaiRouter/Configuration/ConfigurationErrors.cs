namespace MeaiRouter.Configuration;

/// <summary>Collects what is wrong with a configuration, so that all of it is said at once.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<string> _errors = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>What is wrong, each with its path.</summary>
    public IReadOnlyList<string> All => _errors;

    public void Add(string path, string because) => _errors.Add($"{path}: {because}");

    /// <summary>Runs another reading of the configuration and takes over what it finds wrong.</summary>
    public void Include(Action reading)
    {
        try
        {
            reading();
        }
        catch (MeaiRouterConfigurationException exception)
        {
            _errors.AddRange(exception.Errors);
        }
    }

    /// <exception cref="MeaiRouterConfigurationException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw new MeaiRouterConfigurationException(_errors);
    }
}
