using MeaiRouter.Aspire;
using MeaiRouter.Aspire.Composition;
using MeaiRouter.Aspire.Connections;
using MeaiRouter.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds routers to apps that an app host of Aspire's starts.</summary>
public static class MeaiRouterHostApplicationBuilderExtensions
{
    /// <summary>Registers one <see cref="IChatClient"/> that routes between the models whose connection strings it is given by name.</summary>
    /// <param name="builder">The builder of the app.</param>
    /// <param name="connectionName">
    /// The router's name: that of its section below <c>Aspire:MeaiRouter</c>, of the model its connections are together, and of its own connection string,
    /// where it has one.
    /// </param>
    /// <param name="configureSettings">Changes the settings after they were read. Default: nothing is changed.</param>
    /// <inheritdoc cref="AddKeyedMeaiRouter(IHostApplicationBuilder, string, Action{MeaiRouterSettings}?)"/>
    public static MeaiRouterBuilder AddMeaiRouter(
        this IHostApplicationBuilder builder, string connectionName, Action<MeaiRouterSettings>? configureSettings = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings);

    /// <summary>Registers, under its name, one <see cref="IChatClient"/> that routes between the models whose connection strings it is given by name.</summary>
    /// <remarks>
    /// <para>
    /// Everything that <c>AddMeaiRouter</c> reads from the section <c>MeaiRouter</c> is read from there, over it from <c>Aspire:MeaiRouter</c>, and over
    /// that from <c>Aspire:MeaiRouter:{name}</c>. In each of them an endpoint may say <c>"Connection": "chat"</c> instead of Provider and Model: address,
    /// key and model are then those of <c>ConnectionStrings:chat</c>. <see cref="MeaiRouterSettings.Connections"/> makes models of connections that no
    /// configuration speaks of.
    /// </para>
    /// <para>
    /// A connection string is <c>Endpoint=...;Key=...;Model=...</c>, with <c>Deployment</c> or <c>DeploymentId</c> for <c>Model</c>; <c>Provider</c>, a known
    /// provider or <c>openai-compatible</c>, says whose rules apply where the address does not tell. Prices that the built-in catalogue has for the
    /// provider's model apply unless the configuration has others.
    /// </para>
    /// <para>The configuration is read and validated at once, and again when it changes; see <c>AddMeaiRouter</c> on services for what a change can do.</para>
    /// </remarks>
    /// <param name="builder">The builder of the app.</param>
    /// <param name="name">
    /// The router's name: its service key, the name of its section below <c>Aspire:MeaiRouter</c>, of the model its connections are together, and of its own
    /// connection string, where it has one.
    /// </param>
    /// <param name="configureSettings">Changes the settings after they were read. Default: nothing is changed.</param>
    /// <returns>A builder with which to add providers and layers in code.</returns>
    /// <exception cref="MeaiRouterConfigurationException">
    /// The configuration cannot be used or a connection string is missing; the exception holds everything that is wrong, and never a key. It is an
    /// <see cref="InvalidOperationException"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The name is blank, holds a colon, or is that of a setting.</exception>
    public static MeaiRouterBuilder AddKeyedMeaiRouter(
        this IHostApplicationBuilder builder, string name, Action<MeaiRouterSettings>? configureSettings = null) =>
        Add(builder, name, name, configureSettings);

    private static MeaiRouterBuilder Add(IHostApplicationBuilder builder, string name, string? serviceKey, Action<MeaiRouterSettings>? configureSettings)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var errors = new ConfigurationErrors();
        var sections = new RouterSections(builder.Configuration, name);
        var settings = sections.ReadSettings(errors);
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))
            settings.Connections.Add(name);
        configureSettings?.Invoke(settings);

        string[] connections = [.. settings.Connections.Distinct(StringComparer.OrdinalIgnoreCase)];
        MeaiRouterBuilder? router = null;
        if (connections.Length == 0 && !sections.HasModels)
            errors.Add(ConnectionReader.PathOf(name), sections.ExplainNoModels(name));
        else
            errors.Include(() => router = builder.Services.AddKeyedMeaiRouter(
                serviceKey, new ComposedConfiguration(builder.Configuration, sections, name, connections, Environment.GetEnvironmentVariable)));
        errors.ThrowIfAny();

        Watch(builder.Services, name, serviceKey, settings);
        return router!;
    }

    // Exporters, and whether there are any, are the app's own affair: where it has no OpenTelemetry, nothing of this is ever called.
    private static void Watch(IServiceCollection services, string name, string? serviceKey, MeaiRouterSettings settings)
    {
        if (!settings.DisableTracing)
            services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddMeaiRouterInstrumentation());
        if (!settings.DisableMetrics)
            services.ConfigureOpenTelemetryMeterProvider(static metrics => metrics.AddMeaiRouterInstrumentation());

        // Named after the router, so that a check of one's own and those of other routers can stand beside it.
        if (!settings.DisableHealthChecks)
            services.AddHealthChecks().AddMeaiRouter($"meairouter-{name}", serviceKey);
    }
}
