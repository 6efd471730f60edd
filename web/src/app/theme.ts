import {
  ActionIcon,
  Button,
  createTheme,
  Drawer,
  Menu,
  Modal,
  Popover,
  Table,
  Tooltip,
  type MantineColorsTuple,
} from '@mantine/core';

// The sea around the lighthouse; shade 6 keeps 4.5:1 against white, shade 4 against the dark surface.
const sea: MantineColorsTuple = [
  '#e6f5fa',
  '#d0e8f0',
  '#a0d0e1',
  '#6db6d2',
  '#4aa3c6',
  '#2f8fb3',
  '#16708f',
  '#115f7b',
  '#0d4f67',
  '#093f53',
];

// Cool greys: Mantine draws its dark theme from this tuple, 7 is the body and 6 the surface.
const dark: MantineColorsTuple = [
  '#d3dae3',
  '#b3bdc9',
  '#8f9baa',
  '#616d7d',
  '#36414f',
  '#29323e',
  '#1a212a',
  '#11161d',
  '#0c1016',
  '#070a0e',
];

const surface = { background: 'var(--ph-surface)' };

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: 6,
  colors: { sea, dark },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '999px' },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  headings: { fontWeight: '650', sizes: { h3: { fontSize: '20px', lineHeight: '28px' } } },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { radius: 'sm' } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Drawer: Drawer.extend({ defaultProps: { styles: { content: surface, header: surface } } }),
    Modal: Modal.extend({ defaultProps: { styles: { content: surface, header: surface } } }),
    Menu: Menu.extend({ defaultProps: { withinPortal: true, transitionProps: { duration: 90 } } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: { duration: 90 } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, multiline: true, maw: 380, fz: 12 } }),
  },
});
