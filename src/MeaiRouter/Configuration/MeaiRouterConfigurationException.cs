namespace MeaiRouter.Configuration;

/// <summary>The configuration cannot be used. Says everything that is wrong with it at once, so that one reading is enough to correct it.</summary>
/// <remarks>Neither the message nor <see cref="Errors"/> ever holds an API key, a header or an address from the configuration.</remarks>
public sealed class MeaiRouterConfigurationException : InvalidOperationException
{
    /// <summary>Creates the exception from everything that is wrong.</summary>
    /// <param name="errors">One sentence each, beginning with the full path of the setting.</param>
    public MeaiRouterConfigurationException(IReadOnlyList<string> errors)
        : base(Describe(errors)) =>
        Errors = errors;

    /// <summary>
    /// Everything that is wrong, each with the full path of the setting, such as
    /// <c>MeaiRouter:Models:acme/small:Endpoints:0:Provider: 'acmee' is not a provider. Did you mean 'acme'?</c>
    /// </summary>
    public IReadOnlyList<string> Errors { get; }

    private static string Describe(IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);

        var heading = errors.Count == 1
            ? "The configuration of MeaiRouter has an error:"
            : $"The configuration of MeaiRouter has {errors.Count} errors:";
        return string.Join("\n- ", [heading, .. errors]);
    }
}
