using MeaiRouter.Aspire.Connections;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MeaiRouter.Aspire.Composition;

/// <summary>The configuration of an app as a router reads it: its section is composed anew for each reading.</summary>
/// <param name="configuration">The configuration of the app.</param>
/// <param name="sections">The sections of the router.</param>
/// <param name="routerName">The router's name.</param>
/// <param name="connectionNames">The connections that are models of their own.</param>
/// <param name="environmentVariable">Gives the value of an environment variable.</param>
internal sealed class ComposedConfiguration(
    IConfiguration configuration,
    RouterSections sections,
    string routerName,
    IReadOnlyList<string> connectionNames,
    Func<string, string?> environmentVariable) : IConfiguration
{
    public string? this[string key]
    {
        get => null;
        set => throw new NotSupportedException("The composed configuration is read-only; change where it comes from.");
    }

    /// <summary>Composes the section of the router, whatever it is called. Where a connection is wrong, the section knows and goes on without it.</summary>
    public IConfigurationSection GetSection(string key)
    {
        var errors = new ConfigurationErrors();
        var values = new ComposedValues();
        foreach (var layer in sections.Layers())
            values.Lay(layer);

        var connected = new ConnectedModels(values, new ConnectionReader(configuration, environmentVariable, errors), errors);
        connected.ConnectEndpoints(sections.Own.Path);
        connected.AddModels(connectionNames, routerName, ConfigurationPath.Combine(sections.Own.Path, nameof(MeaiRouterSettings.Connections)));
        return new ComposedSection(values.ToSection(sections.Own.Path), errors);
    }

    public IEnumerable<IConfigurationSection> GetChildren() => [];

    public IChangeToken GetReloadToken() => configuration.GetReloadToken();
}
