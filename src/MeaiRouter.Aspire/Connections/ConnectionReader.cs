using System.Data.Common;
using MeaiRouter.Configuration;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Connections;

/// <summary>Reads the connection strings of models, each once, and notes what is wrong with them. Neither a key nor an address is ever in what it notes.</summary>
/// <param name="configuration">The configuration of the app.</param>
/// <param name="environmentVariable">Gives the value of an environment variable, where providers' keys are by custom.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class ConnectionReader(IConfiguration configuration, Func<string, string?> environmentVariable, ConfigurationErrors errors)
{
    private const string OpenAICompatible = "openai-compatible";

    private static readonly string[] ModelKeys = ["Model", "Deployment", "DeploymentId"];

    private readonly Dictionary<string, ModelConnection?> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a connection string; <see langword="null"/> if it cannot be used.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="namedBy">The path of the setting that names it.</param>
    public ModelConnection? Read(string name, string namedBy)
    {
        if (!_read.TryGetValue(name, out var connection))
            _read.Add(name, connection = ReadNew(name, namedBy));
        return connection;
    }

    /// <summary>The path of a connection string.</summary>
    public static string PathOf(string name) => ConfigurationPath.Combine("ConnectionStrings", name);

    private ModelConnection? ReadNew(string name, string namedBy)
    {
        if (name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
        {
            errors.Add(namedBy, $"'{name}' cannot be the name of a connection string.");
            return null;
        }

        var text = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(
                PathOf(name),
                $"is missing, and {namedBy} needs it. In the app host reference the resource: WithReference({name}). Elsewhere set it: "
                + "Endpoint=...;Key=...;Model=...");
            return null;
        }

        return Parse(text) is { } values ? Interpret(name, values) : Refuse(name, "is not of the form Endpoint=...;Key=...;Model=...");
    }

    // An address alone is the form of a resource that is only that.
    private static DbConnectionStringBuilder? Parse(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal) && Uri.IsWellFormedUriString(text, UriKind.Absolute))
            return new DbConnectionStringBuilder { ["Endpoint"] = text };

        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private ModelConnection? Interpret(string name, DbConnectionStringBuilder values)
    {
        var models = ModelKeys.Where(key => Text(values, key) is not null).ToArray();
        if (models.Length > 1)
            return Refuse(name, $"has both {string.Join(" and ", models)}. Only one of them can be.");

        var key = Text(values, "Key") ?? Text(values, "ApiKey");
        if (key is not null && !ProviderReader.CanBeSent(key))
            return Refuse(name, "its Key holds a character that cannot be sent in an HTTP header.");

        var endpoint = Text(values, "EndpointAIInference") ?? Text(values, "Endpoint");
        var address = endpoint is null ? null : ServiceNames.Resolve(endpoint, configuration);
        if (endpoint is not null && address is null)
            return Refuse(name, "its Endpoint is neither an absolute http or https address nor the name of a service that the app references.");

        if (!TryFindProvider(name, Text(values, "Provider"), address, key is not null, out var provider))
            return null;

        var baseUrl = address is null ? PublicAddress(name, provider) : ProviderAddresses.Complete(address, provider);
        if (baseUrl is null)
            return address is null ? null : Refuse(name, $"its Endpoint must have the whole path at {provider?.DisplayName}, which holds the account.");
        if (key is null && KeyProblem(provider) is { } problem)
            return Refuse(name, problem);

        return new ModelConnection(name, provider, baseUrl) { Key = key, Model = models.Length == 0 ? null : Text(values, models[0]) };
    }

    private bool TryFindProvider(string name, string? stated, Uri? address, bool hasKey, out KnownProvider? provider)
    {
        provider = null;
        if (stated is null)
        {
            // A key alone is one of OpenAI's, as for Aspire's own client of it.
            if (address is null)
                KnownProviders.TryGet("openai", out provider);
            else
                provider = ProviderAddresses.Guess(address, hasKey);
            return true;
        }

        if (stated.Equals(OpenAICompatible, StringComparison.OrdinalIgnoreCase) || KnownProviders.TryGet(stated, out provider))
            return true;

        Refuse(name, $"its Provider '{stated}' is not a known one.{Suggestion.For(stated, [OpenAICompatible, .. ProviderReader.KnownNames])}");
        return false;
    }

    private Uri? PublicAddress(string name, KnownProvider? provider)
    {
        if (provider is { AddressParts.Count: 0 })
            return new Uri(provider.BaseUrl);

        Refuse(name, $"has no Endpoint, without which {provider?.DisplayName ?? "a provider of the type " + OpenAICompatible} cannot be reached.");
        return null;
    }

    private string? KeyProblem(KnownProvider? provider)
    {
        if (provider is not { KeyVariables: { Count: > 0 } variables } || variables.Any(variable => !string.IsNullOrWhiteSpace(environmentVariable(variable))))
            return null;

        return $"has no Key, which {provider.DisplayName} wants. Add Key=... to it, or set {KnownProvider.Variables(variables)}. To sign in with an identity "
            + "instead, add a client of your own with AddProvider and let the endpoints name it as their Provider.";
    }

    private ModelConnection? Refuse(string name, string because)
    {
        errors.Add(PathOf(name), because);
        return null;
    }

    private static string? Text(DbConnectionStringBuilder values, string key) =>
        values.TryGetValue(key, out var value) && value.ToString()?.Trim() is { Length: > 0 } text ? text : null;
}
