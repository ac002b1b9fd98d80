/** Addresses of the page: `/` leads to the first city, `/city/<id>` is its Monitor, `/health?city=<id>` its Health, `/accessibility` the statement. */
import { useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Link, Navigate, Outlet, retainSearchParams, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import type { PublicConfiguration } from '../configuration/city-plan.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import notice from '../ui/notice.module.css'
import { useGoKeys } from './go-keys.ts'
import { Monitor } from './monitor.tsx'
import { Overlays } from './overlays.tsx'
import { configurationQuery } from './queries.ts'
import { parseSearch, readCitySearch, readHealthSearch, readLanguageSearch, stringifySearch } from './search.ts'
import { useServices } from './services.ts'

const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: NoSuchPage,
  validateSearch: readLanguageSearch,
  // Whoever came with a language in the link goes on in it.
  search: { middlewares: [retainSearchParams(['lang'])] },
})

const indexRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: FirstCity })

const cityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/city/$cityId',
  validateSearch: readCitySearch,
  component: CityPage,
})

const healthRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/health',
  validateSearch: readHealthSearch,
  component: HealthPage,
})

const accessibilityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/accessibility',
  validateSearch: readHealthSearch,
  component: AccessibilityPage,
})

// Nobody waits for them who does not go there.
const Accessibility = lazy(() => import('./accessibility-page.tsx'))
const Health = lazy(() => import('./health/health.tsx'))

export function createPageRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([indexRoute, cityRoute, healthRoute, accessibilityRoute]),
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>
  }
}

/** Nothing is shown before the configuration is known, but why. */
function Root() {
  const configuration = useConfiguration()
  if (configuration.isPending) {
    return (
      <main className={notice.page}>
        <h1>Belvedere</h1>
        <p>
          <output>{say({ id: 'start.asking', defaultMessage: 'Asking the server which cities there are…' })}</output>
        </p>
      </main>
    )
  }
  if (configuration.isError) {
    return (
      <main className={notice.page}>
        <h1>{say({ id: 'start.noCities', defaultMessage: 'No cities to show yet' })}</h1>
        <p role="alert">{configuration.error.message}</p>
        <p>
          <button type="button" className={controls.button} onClick={() => void configuration.refetch()} disabled={configuration.isFetching}>
            {configuration.isFetching ? say({ id: 'start.askingAgain', defaultMessage: 'Asking…' }) : say({ id: 'start.again', defaultMessage: 'Try again' })}
          </button>
        </p>
      </main>
    )
  }
  return (
    <>
      <Outlet />
      <Overlays cities={configuration.data.cities} />
    </>
  )
}

function FirstCity() {
  const { cities } = useLoadedConfiguration()
  const [first] = cities
  if (first !== undefined) return <Navigate to="/city/$cityId" params={{ cityId: first.id }} search={{}} replace />
  return (
    <Page title={say({ id: 'start.noCity', defaultMessage: 'No city is configured' })}>
      <p>{say({ id: 'start.addCity', defaultMessage: 'The server runs, but its configuration names no city. Add one to the file it was started with, then restart it.' })}</p>
    </Page>
  )
}

function CityPage() {
  const { cities } = useLoadedConfiguration()
  const { cityId } = cityRoute.useParams()
  const search = cityRoute.useSearch()
  const navigate = cityRoute.useNavigate()
  const plan = cities.find(({ id }) => id === cityId)
  useGoKeys({ h: () => void navigate({ to: '/health', search: { city: cityId, ...themeOf(search) } }) })
  if (plan === undefined) {
    return (
      <Page title={say({ id: 'start.noSuchCity', defaultMessage: 'There is no city “{city}” here' }, { city: cityId })}>
        <p>{say({ id: 'start.cities', defaultMessage: 'These cities are configured:' })}</p>
        <CityLinks configuration={{ cities }} />
      </Page>
    )
  }
  return (
    <Monitor
      key="monitor"
      cities={cities}
      plan={plan}
      search={search}
      // A change of what is looked at is a step back can undo; theme and defaults are not.
      onSearch={(change, { replace }) => void navigate({ search: (before) => readCitySearch({ ...before, ...change }), replace })}
      onCity={(next) => void navigate({ to: '/city/$cityId', params: { cityId: next }, search: ({ layer, theme, view, window, sort }) => readCitySearch({ layer, theme, view, window, sort }) })}
    />
  )
}

function HealthPage() {
  const { cities, version } = useLoadedConfiguration()
  const { city, theme } = healthRoute.useSearch()
  const navigate = healthRoute.useNavigate()
  const plan = city === undefined ? cities[0] : cities.find(({ id }) => id === city)
  useGoKeys({
    m: () => {
      if (plan !== undefined) void navigate({ to: '/city/$cityId', params: { cityId: plan.id }, search: themeOf({ theme }) })
    },
  })
  if (plan === undefined) {
    return (
      <Page title={city === undefined ? say({ id: 'start.noCity', defaultMessage: 'No city is configured' }) : say({ id: 'start.noSuchCity', defaultMessage: 'There is no city “{city}” here' }, { city })}>
        <CityLinks configuration={{ cities }} />
      </Page>
    )
  }
  return (
    <Suspense fallback={<Page title={say({ id: 'health.title', defaultMessage: 'Health of {city}' }, { city: plan.name })}>{say({ id: 'start.opening', defaultMessage: 'Opening…' })}</Page>}>
      <Health {...{ cities, plan, version, theme }} />
    </Suspense>
  )
}

function AccessibilityPage() {
  const { cities } = useLoadedConfiguration()
  const { city, theme } = accessibilityRoute.useSearch()
  const navigate = accessibilityRoute.useNavigate()
  const plan = city === undefined ? cities[0] : cities.find(({ id }) => id === city)
  useGoKeys({
    m: () => {
      if (plan !== undefined) void navigate({ to: '/city/$cityId', params: { cityId: plan.id }, search: themeOf({ theme }) })
    },
    h: () => void navigate({ to: '/health', search: { ...(plan !== undefined && { city: plan.id }), ...themeOf({ theme }) } }),
  })
  return (
    <Suspense fallback={<Page title="Belvedere">{say({ id: 'start.opening', defaultMessage: 'Opening…' })}</Page>}>
      <Accessibility {...{ cities, plan, theme }} />
    </Suspense>
  )
}

function themeOf({ theme }: { readonly theme?: 'day' | 'night' | undefined }): { readonly theme?: 'day' | 'night' } {
  return theme === undefined ? {} : { theme }
}

function NoSuchPage() {
  const { cities } = useLoadedConfiguration()
  const { pathname } = useRouter().latestLocation
  return (
    <Page title={say({ id: 'start.noPage', defaultMessage: 'There is no such page' })}>
      <p>
        {say({ id: 'start.nothingAt', defaultMessage: 'Nothing is at {address}. Perhaps one of the cities:' }, { address: pathname })}
      </p>
      <CityLinks configuration={{ cities }} />
    </Page>
  )
}

function Page({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Belvedere`
  }, [title])
  return (
    <main className={notice.page}>
      <h1>{title}</h1>
      {children}
    </main>
  )
}

function CityLinks({ configuration }: { readonly configuration: Pick<PublicConfiguration, 'cities'> }) {
  return (
    <ul>
      {configuration.cities.map(({ id, name }) => (
        <li key={id}>
          <Link to="/city/$cityId" params={{ cityId: id }} search={{}}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function useConfiguration() {
  return useQuery(configurationQuery(useServices()))
}

/** Below `Root`, which waits for it. */
function useLoadedConfiguration(): PublicConfiguration {
  const { data } = useConfiguration()
  return data ?? { title: '', version: '', cities: [] }
}
