using MeaiRouter.Configuration;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;

namespace MeaiRouter.Gateway.Checking;

/// <summary>Tells where a provider's key comes from, and nothing of the key.</summary>
internal static class KeySource
{
    public static string Of(IConfiguration configuration, ProviderConfiguration provider)
    {
        var section = RouterConfiguration.SectionOf(configuration).GetSection("Providers").GetSection(provider.Name);
        if (provider.ApiKeys.Count == 0)
            return "no key";
        foreach (var path in (string[])[$"{section.Path}:ApiKey", $"{section.Path}:ApiKeys:0"])
        {
            if (NameOf(configuration, path) is { } name)
                return provider.ApiKeys.Count == 1 ? $"key from {name}" : $"{provider.ApiKeys.Count} keys from {name}";
        }

        var variables = KnownProviders.TryGet(section["Type"] ?? provider.Name, out var known) ? known.KeyVariables : [];
        return $"key from the environment variable {variables.FirstOrDefault(static variable => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable)))}";
    }

    private static string? NameOf(IConfiguration configuration, string path)
    {
        // The last source that has it is the one that counts.
        foreach (var source in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (source.TryGet(path, out var value) && !string.IsNullOrWhiteSpace(value))
                return Describe(source, path);
        }

        return configuration is IConfigurationRoot || string.IsNullOrWhiteSpace(configuration[path]) ? null : "the configuration";
    }

    private static string Describe(IConfigurationProvider source, string path) => source switch
    {
        FileConfigurationProvider { Source.Path: "secrets.json" } => "the user secrets",
        FileConfigurationProvider { Source.Path: { } file } => file,
        EnvironmentVariablesConfigurationProvider => $"the environment variable {path.Replace(":", "__", StringComparison.Ordinal)}",
        KeyPerFileConfigurationProvider => $"the secret file {path.Replace(":", "__", StringComparison.Ordinal)}",
        CommandLineConfigurationProvider => "the command line",
        _ => "the configuration",
    };
}
